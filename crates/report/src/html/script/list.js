// A list of any length: only the lines that can be seen are elements.

const LINE_PX = 76;
const SPARE_LINES = 6;

/** `line` makes the contents of a line, `choose` is called with the number of a chosen one. */
class LongList {
  constructor(element, line, choose) {
    Object.assign(this, { element, line, choose, numbers: [], at: -1, drawn: [0, -1] });
    this.room = make("div", { role: "presentation" });
    this.room.style.position = "relative";
    element.append(this.room);
    element.addEventListener("scroll", () => this.draw(), { passive: true });
    element.addEventListener("keydown", (event) => this.key(event));
    element.addEventListener("click", (event) => {
      const option = event.target.closest("[data-at]");
      if (option) this.go(Number(option.dataset.at), true);
    });
    new ResizeObserver(() => this.draw()).observe(element);
  }

  /** Shows other findings; the chosen one stays chosen if it is among them. */
  show(numbers, chosen) {
    this.numbers = numbers;
    this.at = numbers.indexOf(chosen);
    this.room.style.height = `${numbers.length * LINE_PX}px`;
    if (this.at >= 0) this.reveal(); else this.element.scrollTop = 0;
    this.draw(true);
  }

  /** Chooses a line by its place. */
  go(at, byHand) {
    if (!this.numbers.length) return;
    this.at = Math.max(0, Math.min(this.numbers.length - 1, at));
    this.reveal();
    this.draw(true);
    this.choose(this.numbers[this.at], byHand);
  }

  reveal() {
    const top = this.at * LINE_PX;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + LINE_PX > scrollTop + clientHeight) this.element.scrollTop = top + LINE_PX - clientHeight;
  }

  draw(anew) {
    const first = Math.max(0, Math.floor(this.element.scrollTop / LINE_PX) - SPARE_LINES);
    const seen = Math.ceil(this.element.clientHeight / LINE_PX) + 2 * SPARE_LINES;
    const last = Math.min(this.numbers.length, first + seen);
    if (!anew && this.drawn[0] === first && this.drawn[1] === last) return;
    this.drawn = [first, last];
    const options = [];
    for (let at = first; at < last; at++) {
      const option = make("div", {
        role: "option", id: `line-${at}`, "data-at": at, "aria-selected": at === this.at,
        "aria-posinset": at + 1, "aria-setsize": this.numbers.length,
      }, ...this.line(this.numbers[at]));
      option.setAttribute("aria-selected", String(at === this.at));
      option.style.top = `${at * LINE_PX}px`;
      options.push(option);
    }
    this.room.replaceChildren(...options);
    if (this.at >= first && this.at < last) this.element.setAttribute("aria-activedescendant", `line-${this.at}`);
    else this.element.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / LINE_PX) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in moves)) return;
    event.preventDefault();
    const move = moves[event.key];
    if (move === Infinity) this.go(this.numbers.length - 1);
    else this.go(move === -Infinity ? 0 : this.at + move);
  }
}
