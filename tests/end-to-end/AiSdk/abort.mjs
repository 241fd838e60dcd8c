import assert from 'node:assert/strict';
import { PlainChat, direct as route, eventually, newChat, read, storedMessages, textOf, transportTo, turnsOf, user } from './client.mjs';

const endless = 'Go on #sim tokens=2000 delay=20';

export const direct = () => abort(route, 'of-the-client');

export async function chat() {
  const id = await newChat();

  const partial = await abort(turnsOf(id), id);

  const answer = await aborted(id);
  assert.equal(answer.id, partial.id);
  assert.equal(answer.metadata.finishReason, 'abort');
  assert.ok(answer.metadata.credits > 0);
  assert.ok(textOf(answer).startsWith(textOf(partial)));
}

/** The stop of useChat, and then the conversation goes on with the half answer in its history. */
export async function stop() {
  const id = await newChat();
  const page = new PlainChat({ id, transport: transportTo(turnsOf(id)) });
  const sending = page.sendMessage({ text: endless });
  await eventually(() => page.messages.at(-1)?.role === 'assistant' && textOf(page.messages.at(-1)), 'the answer begins');
  await page.stop();
  await sending;
  assert.equal(page.status, 'ready');
  assert.equal(page.messages[1].parts.at(-1).state, 'streaming');
  await aborted(id);

  await page.sendMessage({ text: 'Enough #sim tokens=10' });

  assert.equal(page.error, undefined);
  const stored = await storedMessages(id);
  assert.deepEqual(stored.map(message => message.role), ['user', 'assistant', 'user', 'assistant']);
  assert.equal(stored[3].id, page.messages[3].id);
}

async function abort(path, chatId) {
  const controller = new AbortController();
  const stream = await transportTo(path).sendMessages({
    chatId, messages: [user(endless)], trigger: 'submit-message', abortSignal: controller.signal,
  });
  let partial;
  await assert.rejects(
    read(stream, message => {
      partial = message;
      if (textOf(message).length > 20) {
        controller.abort();
      }
    }),
    { name: 'AbortError' });
  return partial;
}

async function aborted(id) {
  await eventually(async () => (await storedMessages(id)).length === 2, 'the half answer is kept');
  return (await storedMessages(id))[1];
}
