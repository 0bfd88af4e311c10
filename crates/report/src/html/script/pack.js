// Data blocks of the page: base64 of deflated JSON, unpacked once, when asked for.

const unpacked = new Map();

/** The value in a block; null where the page has no such block. */
function block(id) {
  if (!unpacked.has(id)) unpacked.set(id, unpack(id));
  return unpacked.get(id);
}

async function unpack(id) {
  const element = document.getElementById(id);
  if (!element) return null;
  const text = atob(element.textContent);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

/** What a click on a finding shows: its card, its exhibit and the record of its work. */
async function evidence(index, number) {
  const work = index.work[number];
  const [cards, exhibits, records] = await Promise.all([
    block(`data-cards-${Math.floor(number / index.cards)}`),
    index.exhibit[number] < 0 ? null : block(`data-exhibits-${index.exhibit[number]}`),
    block(`data-records-${Math.floor(work / index.records)}`),
  ]);
  return {
    card: cards[number % index.cards],
    shown: (exhibits && exhibits[number]) || null,
    record: (records && records[work % index.records]) || null,
  };
}
