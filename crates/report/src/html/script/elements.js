// Elements out of data. Strings from datasets and catalogs only ever become text nodes.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes of ours, and children that are elements or text. */
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Foreign text: its direction stays its own. */
function foreign(text) {
  return make("bdi", null, text);
}

function svg(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** A drawing made by the program: paths, and the finding's own pictures. */
function drawing(drawn, jpegs) {
  if (!drawn) return null;
  const root = svg("svg", {
    viewBox: `0 0 ${drawn.width} ${drawn.height}`,
    role: "img",
    "aria-label": drawn.label,
  });
  if (drawn.stretched) {
    root.setAttribute("preserveAspectRatio", "none");
    root.style.height = `${drawn.height}px`;
  } else {
    root.style.maxWidth = `${drawn.width}px`;
  }
  for (const [ink, path] of drawn.shapes) {
    if (ink === "item" || ink === "work") {
      const href = `data:image/jpeg;base64,${jpegs[ink]}`;
      const picture = svg("image", { width: drawn.width, height: drawn.height, href });
      if (path) {
        // A spectrogram: its top and height.
        const [top, height] = path.split(" ");
        picture.setAttribute("y", top);
        picture.setAttribute("height", height);
        picture.setAttribute("preserveAspectRatio", "none");
        picture.setAttribute("class", "strip");
      }
      root.append(picture);
    } else {
      if (ink === "frame") root.append(svg("path", { class: "edge", d: path }));
      root.append(svg("path", { class: ink, d: path }));
    }
  }
  const figure = make("figure", { class: drawn.stretched ? "drawing wide" : "drawing" });
  figure.append(root, make("figcaption", null, drawn.caption));
  return figure;
}

/** Both passages, with the words that differ marked. */
function passages(shown) {
  const side = (name, runs) => {
    const text = runs.map(([same, words]) => (same ? words : make("mark", null, words)));
    return make("figure", { class: "passage" },
      make("figcaption", null, name), make("blockquote", { dir: "auto" }, ...text));
  };
  const figures = [side("In the item", shown.item)];
  if (shown.work.length) figures.push(side("In the work", shown.work));
  const note = shown.work.length
    ? "Underlined words stand in one of the two only."
    : "The registry keeps hashes of texts only: the work's passage cannot be shown.";
  return make("div", { class: "passages" }, ...figures, make("p", { class: "note" }, note));
}

function badge(verdict) {
  return make("span", { class: `badge is-${verdict}` }, verdict);
}

function grouped(number) {
  return number.toLocaleString("en-US");
}
