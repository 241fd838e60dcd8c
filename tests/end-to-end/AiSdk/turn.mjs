import assert from 'node:assert/strict';
import { PlainChat, ai, assertStored, creditsUsed, direct as route, newChat, plain, read, textOf, transportTo, turnsOf, user } from './client.mjs';

// What would break a stream that does not keep to its framing.
const said = 'Grüezi 👋\r\n\r\ndata: [DONE]\n\nevent: "end"\\ \u2028';

export const direct = () => turn(route, 'of-the-client');

export async function chat() {
  const id = await newChat();

  const { question, message } = await turn(turnsOf(id), id);

  const [, stored] = await assertStored(id, [question, message]);
  assert.equal(stored.metadata.finishReason, 'stop');
  for (const name of ['modelId', 'turnId', 'usage', 'credits', 'estimated']) {
    assert.deepEqual(stored.metadata[name], message.metadata[name], name);
  }
}

/** A page that is opened later: it begins with the service's messages and sends them all back. */
export async function later() {
  const id = await newChat();
  const { question, message } = await turn(turnsOf(id), id);

  const page = new PlainChat({ id, transport: transportTo(turnsOf(id)), messages: await assertStored(id, [question, message]) });
  await page.sendMessage({ text: 'And now? #sim tokens=10' });

  assert.equal(page.error, undefined);
  assert.equal(page.status, 'ready');
  assert.equal(page.messages.length, 4);
  await assertStored(id, page.messages);
}

async function turn(path, chatId) {
  const question = user(`Say it #sim say=${JSON.stringify(said)}`);
  const before = await creditsUsed();

  const stream = await transportTo(path).sendMessages({ chatId, messages: [question], trigger: 'submit-message' });
  const { message, chunks } = await read(stream);

  assert.equal(textOf(message), said);
  assert.ok(message.id);
  assert.deepEqual(plain(message.parts.map(part => [part.type, part.state])), [['step-start', null], ['text', 'done']]);
  assert.equal(chunks.at(-1).type, 'finish');
  assert.equal(chunks.at(-1).finishReason, 'stop');
  assert.ok((await ai.safeValidateUIMessages({ messages: [question, message] })).success);

  const { usage, credits, estimated } = message.metadata;
  assert.ok(usage.inputTokens > 0 && usage.outputTokens > 0);
  assert.equal(usage.totalTokens, usage.inputTokens + usage.outputTokens);
  assert.equal(estimated, false);
  assert.ok(credits > 0);
  assert.equal(((await creditsUsed()) - before).toFixed(6), credits.toFixed(6));
  return { question, message };
}
