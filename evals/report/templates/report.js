"use strict";
for (const filter of document.querySelectorAll(".filter")) {
  const choice = filter.querySelector("select");
  const told = filter.querySelector("output");
  const cases = [...filter.parentElement.querySelectorAll(".case")];
  const show = () => {
    const [kind, subject] = choice.value.split(" ");
    let shown = 0;
    for (const item of cases) {
      const failed = item.dataset.failed.split(" ").filter(Boolean);
      const fits =
        kind === "all" ||
        (kind === "failed" && failed.length > 0) ||
        (kind === "every" && failed.length === Number(item.dataset.asked)) ||
        (kind === "by" && failed.includes(subject)) ||
        (kind === "only" && failed.length === 1 && failed[0] === subject);
      item.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    told.textContent = told.dataset.shown.replace("{count}", shown).replace("{all}", cases.length);
  };
  choice.addEventListener("change", show);
  filter.hidden = false;
  show();
}
