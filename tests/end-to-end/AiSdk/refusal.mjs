import assert from 'node:assert/strict';
import { PlainChat, transportTo, turnsOf } from './client.mjs';

export const unknownModel = () => refused('/api/models/nobody/_chat', 404, 'NOT_FOUND');

export const anothersChat = () => refused(turnsOf(process.env.INFORMER_CHAT_OF_ANOTHER), 404, 'NOT_FOUND');

export const tierNotAllowed = async () => {
  const body = await refused('/api/models/go_strategic/_chat', 402, 'TIER_NOT_ALLOWED');
  assert.equal(body.tier, 'strategic');
};

async function refused(path, statusCode, code) {
  const page = new PlainChat({ id: 'of-the-client', transport: transportTo(path) });

  await page.sendMessage({ text: 'Hello' });

  assert.equal(page.status, 'error');
  assert.equal(page.messages.length, 1);
  // The older majors have the body as the message of a plain error.
  const body = JSON.parse(page.error.responseBody ?? page.error.message);
  assert.equal(body.statusCode, statusCode);
  assert.equal(page.error.statusCode ?? statusCode, statusCode);
  assert.equal(body.code, code);
  assert.ok(body.message);
  return body;
}
