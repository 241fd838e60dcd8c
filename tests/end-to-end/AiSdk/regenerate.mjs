import assert from 'node:assert/strict';
import { PlainChat, assertStored, direct as route, newChat, transportTo, turnsOf } from './client.mjs';

export async function direct() {
  const page = new PlainChat({ id: 'of-the-client', transport: transportTo(route) });
  await replaceLast(page);
}

export async function chat() {
  const id = await newChat();
  const page = new PlainChat({ id, transport: transportTo(turnsOf(id)) });
  await replaceLast(page);
  await assertStored(id, page.messages);

  // An earlier answer by its id: what came after it is gone.
  await page.sendMessage({ text: 'And then? #sim tokens=10' });
  const [question, first] = page.messages;
  await page.regenerate({ messageId: first.id });
  assertAnswered(page, question);
  assert.notEqual(page.messages[1].id, first.id);
  await assertStored(id, page.messages);

  // A question by the id that the client gave it.
  await page.sendMessage({ text: 'And then? #sim tokens=10' });
  await page.regenerate({ messageId: question.id });
  assertAnswered(page, question);
  await assertStored(id, page.messages);
}

/** The button "try again" after a refused turn: the question was never kept, and what came before it stays. */
export async function refused() {
  const id = await newChat();
  const page = new PlainChat({ id, transport: transportTo(turnsOf(id)) });
  await page.sendMessage({ text: 'One #sim tokens=10' });
  const [, first] = page.messages;
  await page.sendMessage({ text: `Two ${crypto.randomUUID()} #sim tokens=10 fault=status times=1` });
  assert.equal(page.status, 'error');
  assert.equal(page.messages.length, 3);

  await page.regenerate();

  assert.equal(page.error, undefined);
  assert.equal(page.messages.length, 4);
  assert.equal(page.messages[1].id, first.id);
  await assertStored(id, page.messages);
}

async function replaceLast(page) {
  await page.sendMessage({ text: 'One #sim tokens=10' });
  const [question, old] = page.messages;

  await page.regenerate();

  assertAnswered(page, question);
  assert.notEqual(page.messages[1].id, old.id);
}

function assertAnswered(page, question) {
  assert.equal(page.error, undefined);
  assert.equal(page.status, 'ready');
  assert.deepEqual(page.messages.map(message => message.role), ['user', 'assistant']);
  assert.equal(page.messages[0].id, question.id);
  assert.equal(page.messages[1].parts.at(-1).state, 'done');
}
