import assert from 'node:assert/strict';
import { PlainChat, assertStored, newChat, plain, storedMessages, textOf, transportTo, turnsOf } from './client.mjs';

/** The connection drops in the middle, and the page joins the answer again. */
export async function dropped() {
  const { id, page } = await drop();
  const [question, partial] = page.messages;

  await page.resumeStream();

  assertWhole(page, partial);
  assert.ok(textOf(page.messages[1]).length > textOf(partial).length);
  await assertStored(id, [question, page.messages[1]]);
}

/** A page that is opened while the answer is written joins it. */
export async function joined() {
  const { id, page } = await drop();
  const kept = await storedMessages(id);
  assert.deepEqual(kept.map(message => message.role), ['user'], 'an unfinished answer is not handed out');
  const other = new PlainChat({ id, transport: transportTo(turnsOf(id)), messages: kept });

  await other.resumeStream();

  assertWhole(other, page.messages[1]);
  await assertStored(id, other.messages);
}

/** A page that is opened just after the end has the answer among its messages, and gets it once more. */
export async function late() {
  const id = await newChat();
  const page = new PlainChat({ id, transport: transportTo(turnsOf(id)) });
  await page.sendMessage({ text: 'Hello #sim tokens=10' });
  const other = new PlainChat({ id, transport: transportTo(turnsOf(id)), messages: await storedMessages(id) });

  await other.resumeStream();

  assert.equal(other.status, 'ready');
  assert.deepEqual(plain(other.messages[1].parts), plain(page.messages[1].parts));
  await assertStored(id, other.messages);
}

export async function nothing() {
  const id = await newChat();
  const transport = transportTo(turnsOf(id));
  assert.equal(await transport.reconnectToStream({ chatId: id }), null);

  const page = new PlainChat({ id, transport });
  await page.resumeStream();
  assert.equal(page.status, 'ready');
  assert.deepEqual(page.messages, []);
}

async function drop() {
  const id = await newChat();
  const page = new PlainChat({ id, transport: transportTo(turnsOf(id), { body: { resumable: true }, fetch: dropping(5) }) });
  await page.sendMessage({ text: 'Go on #sim tokens=60 delay=30' });
  assert.equal(page.status, 'error');
  assert.equal(page.messages[1].parts.at(-1).state, 'streaming');
  return { id, page };
}

function assertWhole(page, partial) {
  assert.equal(page.error, undefined);
  assert.equal(page.status, 'ready');
  assert.equal(page.messages.length, 2);
  assert.equal(page.messages[1].id, partial.id);
  assert.ok(textOf(page.messages[1]).startsWith(textOf(partial)));
  assert.equal(page.messages[1].metadata.usage.outputTokens, 60);
}

/** A fetch whose connection is lost once so many deltas have come. */
function dropping(deltas) {
  return async (url, init) => {
    if (init.method === 'GET') {
      return fetch(url, init);
    }

    const connection = new AbortController();
    const answer = await fetch(url, { ...init, signal: connection.signal });
    let seen = 0;
    const lossy = new TransformStream({
      transform(bytes, controller) {
        controller.enqueue(bytes);
        seen += new TextDecoder().decode(bytes).split('"text-delta"').length - 1;
        if (seen >= deltas) {
          connection.abort();
          controller.error(new TypeError('network error'));
        }
      },
    });
    return new Response(answer.body.pipeThrough(lossy), answer);
  };
}
