"""The ROI engine: what a partnership is worth to us and, as far as known, to them. Import from the modules.

`report` answers `schemas.roi.RoiInputs` with a `RoiReport`. `drivers` says what each partnership type needs,
`cash_flows` and `risks` make the flows, `measures` and `rate_of_return` value them, `scenarios`, `sensitivity` and
`simulation` vary them, `charts` turns them into data to draw, `labels` names everything in English and Arabic,
`sources` reads figures from a need or a term sheet.
"""
