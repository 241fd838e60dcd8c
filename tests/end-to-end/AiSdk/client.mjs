// What every scenario needs: the package under test, and the service that it is pointed at.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';

export const ai = await import(process.env.AI_PACKAGE ?? 'ai');

const address = process.env.INFORMER_ADDRESS.replace(/\/$/, '');
const headers = { authorization: `Bearer ${process.env.INFORMER_TOKEN}` };

export const direct = '/api/models/go_everyday/_chat';
export const turnsOf = chat => `/api/chats/${chat}`;

/** The package's own transport, as an application sets it up. */
export const transportTo = (path, options = {}) => new ai.DefaultChatTransport({
  api: address + path,
  headers,
  prepareReconnectToStreamRequest: ({ id }) => ({ api: `${address}/api/chats/${id}/_stream` }),
  ...options,
});

/** A call of the rest of the service. */
export async function call(method, path, body) {
  const answer = await fetch(address + path, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  assert.equal(answer.status, 200, `${method} ${path}: ${text}`);
  return JSON.parse(text);
}

export const newChat = async () => (await call('POST', '/api/chats', { modelId: 'go_everyday', name: 'Test' })).id;

export const storedMessages = async chat => (await call('GET', `/api/chats/${chat}/messages`))._embedded['inf:message'];

export const creditsUsed = async () => (await call('GET', '/api/ai-budget')).monthly.creditsUsed;

export const user = text => ({ id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text }] });

/** Reads a stream of chunks as the package does: the chunks it let through, and each state of the message. */
export async function read(stream, seen = () => {}) {
  const chunks = [];
  const tap = new TransformStream({
    transform(chunk, controller) {
      chunks.push(chunk);
      controller.enqueue(chunk);
    },
  });
  let message;
  for await (message of ai.readUIMessageStream({ stream: stream.pipeThrough(tap), terminateOnError: true })) {
    seen(message);
  }

  return { message, chunks };
}

/** The core of useChat without a user interface, with plain fields for its state. */
export class PlainChat extends ai.AbstractChat {
  constructor({ messages = [], ...init }) {
    super({ ...init, state: new PlainState(messages) });
  }
}

class PlainState {
  status = 'ready';
  error = undefined;

  constructor(messages) {
    this.messages = messages;
  }

  pushMessage = message => { this.messages = [...this.messages, message]; };
  popMessage = () => { this.messages = this.messages.slice(0, -1); };
  replaceMessage = (index, message) => { this.messages = this.messages.with(index, this.snapshot(message)); };
  snapshot = value => structuredClone(value);
}

/** As it crosses the wire: a field is there, or it is not. */
export const plain = value => JSON.parse(JSON.stringify(value));

export const textOf = message => message.parts.filter(part => part.type === 'text').map(part => part.text).join('');

/** The client's view of a chat is the service's: each answer under its id with the same parts. */
export async function assertStored(chat, messages) {
  const stored = await ai.validateUIMessages({ messages: await storedMessages(chat) });
  assert.deepEqual(stored.map(message => message.role), messages.map(message => message.role));
  assert.deepEqual(plain(stored.map(message => message.parts)), plain(messages.map(message => message.parts)));
  for (const [index, message] of messages.entries()) {
    if (message.role === 'assistant') {
      assert.equal(stored[index].id, message.id);
    }
  }

  return stored;
}

/** Looks again until it holds; for what becomes true on its own within a bounded time. */
export async function eventually(condition, what) {
  const patience = AbortSignal.timeout(10_000);
  while (!await condition()) {
    assert.ok(!patience.aborted, `${what}: not within ten seconds`);
    await wait(20);
  }
}
