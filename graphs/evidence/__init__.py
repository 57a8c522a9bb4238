"""Evidence packs: one file per commitment with everything behind it, made and verified.

`pack` builds one, `verification` checks one without a database, `completeness` says whether something was left out,
`contents` is what stands in it, `archive` the file format, `readme` the page for people inside.
"""
