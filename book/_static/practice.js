// Makes a form of each question of a practice page. What is right is decided as in autograder/exam/score.py.
"use strict";

(() => {
  const WORDS = {
    en: {
      check: "Check", again: "New numbers", retry: "Try again", show: "Show the answer", right: "Right", partly: "Partly right",
      wrong: "Not right", empty: "Answer first.", points: "points", choose: "choose", of: "of", up: "up", down: "down",
      move: "Move", yours: "Your answer", spot: "Click the place in the image, or type it", left: "from the left", top: "from the top",
      language: "Norsk", essay: "Write, then compare with the answer below.",
    },
    no: {
      check: "Sjekk", again: "Nye tall", retry: "Prøv igjen", show: "Vis svaret", right: "Riktig", partly: "Delvis riktig",
      wrong: "Ikke riktig", empty: "Svar først.", points: "poeng", choose: "velg", of: "av", up: "opp", down: "ned",
      move: "Flytt", yours: "Svaret ditt", spot: "Klikk på stedet i bildet, eller skriv det inn", left: "fra venstre", top: "fra toppen",
      language: "English", essay: "Skriv, og sammenlign så med svaret nedenfor.",
    },
  };
  let language = "en";
  try {
    language = localStorage.getItem("practice-language") === "no" ? "no" : "en";
  } catch { /* storage is closed: the page begins in English */ }

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "html") element.innerHTML = value;
      else if (name === "text") element.textContent = value;
      else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children);
    return element;
  };

  const shuffled = (list) => {
    const copy = list.slice();
    for (let i = copy.length - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1));
      [copy[i], copy[j]] = [copy[j], copy[i]];
    }
    return copy;
  };

  const number = (text) => {
    const tidy = text.replace(/[\s\u00a0\u202f%]/g, "").replace("−", "-").replace(",", ".");
    return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(tidy) ? Number(tidy) : null;
  };
  const plain = (text) => text.toLowerCase().split(/\s+/).filter(Boolean).join(" ").replace(/[. ]+$/, "");
  const accepts = (blank, value) =>
    value !== null && Math.abs(value - blank.value) <= blank.tolerance + 5e-12 * Math.max(1, Math.abs(blank.value));

  // Each kind builds its fields into a form and returns how to read them: null for no answer, else {share, feedback}
  const KINDS = {
    single: (form, item, words, id) => choices(form, item, words, id, "radio"),
    multiple: (form, item, words, id) => choices(form, item, words, id, "checkbox"),
    numeric: (form, item, words, id) => {
      const blank = item.blanks[0];
      const field = make("input", { type: "text", inputmode: "decimal", id: `${id}-answer`, autocomplete: "off", size: 10 });
      form.append(make("p", {}, make("label", { for: `${id}-answer`, text: `${words.yours}: ` }), field, ` ${blank.unit}`));
      return () => {
        if (!field.value.trim()) return null;
        const value = number(field.value);
        const slip = item.slips.find((one) => value !== null && Math.abs(one.value - value) <= Math.max(blank.tolerance, 1e-9));
        return { share: accepts(blank, value) ? 1 : 0, feedback: slip ? slip.feedback : "" };
      };
    },
    matrix: (form, item, words, id) => {
      const fields = item.blanks.map((blank) => {
        const place = form.querySelector(`[data-blank="${CSS.escape(blank.id)}"]`);
        const field = make("input", { type: "text", inputmode: "decimal", autocomplete: "off", size: 7, "aria-label": blank.id });
        place.replaceChildren(field);
        return [blank, field, place];
      });
      return () => {
        if (fields.every(([, field]) => !field.value.trim())) return null;
        let right = 0;
        for (const [blank, field, place] of fields) {
          const good = accepts(blank, number(field.value));
          right += good;
          place.dataset.state = good ? "right" : "wrong";
        }
        return { share: right / fields.length, feedback: "" };
      };
    },
    ordering: (form, item, words, id) => {
      const list = make("ol", { class: "steps" });
      const place = (step) => {
        const entry = make("li", {}, make("span", { html: step }), " ");
        entry.dataset.step = item.order.indexOf(step);
        for (const [way, sign] of [["up", "↑"], ["down", "↓"]]) {
          entry.append(make("button", { type: "button", "aria-label": `${words.move} ${words[way]}: ${entry.textContent.trim()}`, text: sign, onclick: (event) => {
            const other = way === "up" ? entry.previousElementSibling : entry.nextElementSibling;
            if (other) way === "up" ? other.before(entry) : other.after(entry);
            event.currentTarget.focus();
          } }));
        }
        return entry;
      };
      let begin = shuffled(item.order);
      if (begin.every((step, i) => step === item.order[i])) begin = begin.reverse();
      list.append(...begin.map(place));
      form.append(list);
      return () => ({ share: [...list.children].every((entry, i) => Number(entry.dataset.step) === i) ? 1 : 0, feedback: "" });
    },
    matching: (form, item, words, id) => {
      const others = shuffled(item.pairs.map(([, other]) => other));
      const text = (html) => make("span", { html }).textContent;
      const rows = item.pairs.map(([given, other], i) => {
        const menu = make("select", { id: `${id}-${i}` }, make("option", { value: "", text: `– ${words.choose} –` }),
          ...others.map((one, place) => make("option", { value: place, text: text(one) })));
        form.append(make("p", { class: "pair" }, make("label", { for: `${id}-${i}`, html: given }), " ", menu));
        return [menu, other];
      });
      return () => {
        if (rows.every(([menu]) => menu.value === "")) return null;
        const right = rows.filter(([menu, other]) => menu.value !== "" && others[Number(menu.value)] === other).length;
        return { share: right / rows.length, feedback: "" };
      };
    },
    hotspot: (form, item, words, id) => {
      const spot = item.spot;
      const mark = make("span", { class: "mark", hidden: true, "aria-hidden": "true" });
      const picture = make("img", { src: spot.picture, alt: item.title, width: spot.width, height: spot.height });
      const fields = ["x", "y"].map((axis) => make("input", { type: "number", id: `${id}-${axis}`, min: 0, max: axis === "x" ? spot.width : spot.height }));
      const moved = () => {
        mark.hidden = fields.some((field) => field.value === "");
        mark.style.left = `${(100 * fields[0].value) / spot.width}%`;
        mark.style.top = `${(100 * fields[1].value) / spot.height}%`;
      };
      picture.addEventListener("click", (event) => {
        const box = picture.getBoundingClientRect();
        fields[0].value = Math.round(((event.clientX - box.left) * spot.width) / box.width);
        fields[1].value = Math.round(((event.clientY - box.top) * spot.height) / box.height);
        moved();
      });
      fields.forEach((field) => field.addEventListener("input", moved));
      form.append(make("div", { class: "spot" }, picture, mark), make("p", { text: `${words.spot}:` }),
        make("p", {}, make("label", { for: `${id}-x`, text: `${words.left} ` }), fields[0], " ", make("label", { for: `${id}-y`, text: `${words.top} ` }), fields[1]));
      return () => {
        if (fields.some((field) => field.value === "")) return null;
        const [x, y] = fields.map((field) => Number(field.value));
        return { share: (x - spot.x) ** 2 + (y - spot.y) ** 2 <= spot.radius ** 2 ? 1 : 0, feedback: "" };
      };
    },
    short: (form, item, words, id) => {
      const field = make("input", { type: "text", id: `${id}-answer`, autocomplete: "off", size: 30 });
      form.append(make("p", {}, make("label", { for: `${id}-answer`, text: `${words.yours}: ` }), field));
      return () => (field.value.trim() ? { share: item.accepted.map(plain).includes(plain(field.value)) ? 1 : 0, feedback: "" } : null);
    },
    essay: (form, item, words, id) => {
      const field = make("textarea", { id: `${id}-answer`, rows: 6 });
      form.append(make("p", {}, make("label", { for: `${id}-answer`, text: words.essay })), field);
      return () => ({ share: null, feedback: "" });
    },
  };

  function choices(form, item, words, id, type) {
    const list = make("ul", { class: "choices" });
    const fields = shuffled(item.options).map((option) => {
      const field = make("input", { type, name: id, id: `${id}-${option.id}`, value: option.id });
      const said = make("div", { class: "said", html: option.feedback, hidden: true });
      list.append(make("li", {}, field, make("label", { for: `${id}-${option.id}`, html: option.text }), said));
      return [option, field, said];
    });
    form.append(list);
    const rights = item.options.filter((option) => option.right).length;
    return () => {
      const ticked = fields.filter(([, field]) => field.checked);
      if (!ticked.length) return null;
      for (const [option, field, said] of fields) {
        said.hidden = !field.checked;
        field.parentElement.dataset.state = field.checked ? (option.right ? "right" : "wrong") : "";
      }
      const good = ticked.filter(([option]) => option.right).length;
      const bad = ticked.length - good;
      const share = type === "radio" ? good : Math.max(0, good / rights - bad / Math.max(1, item.options.length - rights));
      return { share, feedback: "" };
    };
  }

  function build(section, data, turn) {
    const words = WORDS[language];
    const items = data.variants[language];
    const item = items[turn % items.length];
    const id = `practice-${data.id}`;
    const form = make("form", { lang: language === "no" ? "nb" : "en", "aria-labelledby": `${id}-title`, novalidate: true });
    form.append(make("div", { class: "stem", tabindex: 0, html: item.stem }));
    const read = KINDS[data.kind](form, item, words, id);
    const result = make("p", { class: "result", role: "status" });
    const feedback = make("div", { class: "feedback" });
    const answer = make("details", {}, make("summary", { text: words.show }), make("div", { html: item.solution }));
    const again = make("button", { type: "button", text: items.length > 1 ? words.again : words.retry, onclick: () => build(section, data, turn + 1).querySelector("input, button, select, textarea")?.focus() });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const read_ = read();
      if (read_ === null) {
        result.textContent = words.empty;
        return;
      }
      if (read_.share === null) {
        answer.open = true;
        return;
      }
      const grade = read_.share >= 1 ? "right" : read_.share > 0 ? "partly" : "wrong";
      result.dataset.state = grade;
      result.textContent = `${words[grade]}: ${+(item.points * read_.share).toFixed(2)} ${words.of} ${item.points} ${words.points}.`;
      section.dataset.share = read_.share;
      feedback.innerHTML = read_.feedback;
    });
    form.append(make("p", { class: "actions" }, make("button", { type: "submit", class: "main", text: words.check }), " ", again), result, feedback, answer);
    section.querySelector("h3").firstChild.textContent = item.title;
    section.querySelector("h3").id = `${id}-title`;
    section.querySelector(".plain, form").replaceWith(form);
    return form;
  }

  const questions = [...document.querySelectorAll("section.practice")].map((section) => {
    const data = JSON.parse(section.querySelector("script[type='application/json']").textContent);
    build(section, data, 0);
    return [section, data];
  });
  if (questions.length) {
    const change = make("button", { type: "button", class: "practice-language", text: WORDS[language].language, lang: language === "en" ? "nb" : "en" });
    change.addEventListener("click", () => {
      language = language === "en" ? "no" : "en";
      try {
        localStorage.setItem("practice-language", language);
      } catch { /* not remembered */ }
      change.textContent = WORDS[language].language;
      change.lang = language === "en" ? "nb" : "en";
      questions.forEach(([section, data]) => build(section, data, 0));
    });
    questions[0][0].before(change);
  }
})();
