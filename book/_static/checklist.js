/* The checklist of the page on the status of medical AI: keeps the answers in this browser and saves them as a text file. Nothing
   is sent anywhere. Without JavaScript the form can still be read and printed. */

(() => {
  "use strict";

  const STORE = "elmed219-checklist";
  const NAMES = { yes: "Yes", no: "No", unclear: "Unclear" };

  const words = (element) => element.textContent.replace(/\s+/g, " ").trim();

  /* A heading or a list item must stay one line; a paper's title may come with line breaks when pasted. */
  const oneLine = (text) => text.replace(/\s+/g, " ").trim();

  const today = () => {
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  };

  const remembered = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(STORE) ?? "{}");
      return kept !== null && typeof kept === "object" ? kept : {};
    } catch {
      return {}; // private window, storage switched off, or damaged
    }
  };

  const remember = (values) => {
    try {
      localStorage.setItem(STORE, JSON.stringify(values));
    } catch {
      /* the form works without a memory */
    }
  };

  const forget = () => {
    try {
      localStorage.removeItem(STORE);
    } catch {
      /* nothing was kept */
    }
  };

  const start = (form) => {
    const questions = [...form.querySelectorAll("fieldset[data-question]")];
    const tally = form.querySelector("[data-tally]");
    const status = form.querySelector("[data-status]");
    const fields = () => [...form.elements].filter((field) => field.name);

    const read = () => {
      const values = {};
      for (const field of fields()) {
        if (field.type !== "radio" || field.checked) values[field.name] = field.value;
      }
      return values;
    };

    const fill = (values) => {
      for (const field of fields()) {
        const value = values[field.name];
        if (typeof value !== "string") continue;
        if (field.type === "radio") field.checked = field.value === value;
        else field.value = value;
      }
    };

    const count = () => {
      const values = read();
      const given = questions.map((question) => values[question.dataset.question]).filter(Boolean);
      const of = (answer) => given.filter((one) => one === answer).length;
      const text = `${given.length} of ${questions.length} answered: ${of("yes")} yes, ${of("no")} no, ${of("unclear")} unclear.`;
      if (tally.textContent !== text) tally.textContent = text;
    };

    const report = () => {
      const values = read();
      const lines = [
        "# Nine questions to a paper on AI in radiology",
        "",
        `Paper: ${oneLine(values.title ?? "") || "(no title given)"}`,
        `Date: ${values.date || today()}`,
        "",
      ];
      questions.forEach((question, index) => {
        const name = question.dataset.question;
        const comment = (values[`${name}-comment`] ?? "").trim();
        lines.push(`## ${index + 1}. ${words(question.querySelector("[data-wording]"))}`, "");
        lines.push(`Answer: ${NAMES[values[name]] ?? "not answered"}`, "");
        if (comment) lines.push(...comment.split(/\r?\n/).map((line) => `> ${line}`.trimEnd()), "");
      });
      lines.push(words(tally), "", words(form.querySelector("[data-source]")), "");
      return lines.join("\n");
    };

    const fileName = () => {
      const plain = (form.elements.title.value || "paper").normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^A-Za-z0-9]+/g, "-");
      return `nine-questions-${plain.toLowerCase().replace(/^-+|-+$/g, "").slice(0, 40).replace(/-+$/, "") || "paper"}.md`;
    };

    const download = () => {
      const address = URL.createObjectURL(new Blob([report()], { type: "text/markdown;charset=utf-8" }));
      const link = document.createElement("a");
      link.href = address;
      link.download = fileName();
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(address), 1000);
      status.textContent = `Saved as ${link.download}.`;
    };

    const clear = () => {
      if (!window.confirm("Clear all answers and comments?")) return;
      form.reset();
      form.elements.date.value = today();
      forget();
      count();
      status.textContent = "All answers are cleared.";
      form.elements.title.focus();
    };

    fill(remembered());
    if (!form.elements.date.value) form.elements.date.value = today();
    count();
    const changed = () => {
      remember(read());
      status.textContent = "";
      count();
    };
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("submit", (event) => event.preventDefault()); // Enter in the title must not reload the page
    form.querySelector("[data-action=download]").addEventListener("click", download);
    form.querySelector("[data-action=clear]").addEventListener("click", clear);
    for (const part of form.querySelectorAll("[data-script]")) part.hidden = false;
  };

  const begin = () => document.querySelectorAll("form.checklist").forEach(start);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
