import assert from 'node:assert/strict';
import { PlainChat, ai, assertStored, direct as route, eventually, newChat, textOf, transportTo, turnsOf } from './client.mjs';

const tools = {
  weather: {
    description: 'The weather of a city',
    inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

/** The application answers as soon as it is asked, while the stream is still open. */
export const direct = () => answered(route, 'of-the-client', 1);

export async function chat() {
  const id = await newChat();
  await assertStored(id, await answered(turnsOf(id), id, 1));
}

/** The answer to a result is another call. */
export async function twice() {
  const id = await newChat();
  await assertStored(id, await answered(turnsOf(id), id, 2));
}

/** The user answers later, and it is an error. */
export async function late() {
  const id = await newChat();
  const { page, posts, calls } = open(turnsOf(id), id, 1);
  await page.sendMessage(question(1));
  assert.equal(page.status, 'ready');
  assert.equal(posts.length, 1);
  await assertStored(id, page.messages);

  await page.addToolOutput({ state: 'output-error', tool: 'weather', toolCallId: calls[0].toolCallId, errorText: 'The window is shut.' });

  await eventually(() => posts.length === 2 && page.status !== 'submitted' && page.status !== 'streaming', 'the result is sent');
  assertContinued(page, posts, 1, 'output-error');
  assert.match(textOf(page.messages[1]), /The window is shut/);
  await assertStored(id, page.messages);
}

const question = calls => ({ text: `The weather? #sim tool=weather args={"city":"Bern"} calls=${calls}` });

async function answered(path, id, count) {
  const { page, posts, calls } = open(path, id, count, call =>
    page.addToolOutput({ tool: 'weather', toolCallId: call.toolCallId, output: { sky: 'blue', degrees: [21.5, null] } }));

  // It returns when nothing is left to be sent.
  await page.sendMessage(question(count));

  assertContinued(page, posts, count, 'output-available');
  assert.deepEqual(calls.map(call => [call.toolName, call.input]), Array(count).fill(['weather', { city: 'Bern' }]));
  assert.match(textOf(page.messages[1]), /blue/);
  assert.ok((await ai.safeValidateUIMessages({ messages: page.messages })).success);
  return page.messages;
}

function assertContinued(page, posts, count, state) {
  assert.equal(page.error, undefined);
  assert.equal(page.status, 'ready');
  assert.deepEqual(page.messages.map(message => message.role), ['user', 'assistant']);
  const [, message] = page.messages;
  const steps = Array(count).fill(['step-start', 'tool-weather']).flat();
  assert.deepEqual(message.parts.map(part => part.type), [...steps, 'step-start', 'text']);
  assert.deepEqual(message.parts.filter(ai.isToolUIPart ?? ai.isToolOrDynamicToolUIPart).map(part => part.state), Array(count).fill(state));
  assert.equal(ai.lastAssistantMessageIsCompleteWithToolCalls({ messages: page.messages }), false);

  // What was posted after the question is the same answer, with one more result each time.
  assert.equal(posts.length, count + 1);
  for (const post of posts.slice(1)) {
    assert.equal(post.trigger, 'submit-message');
    assert.equal(post.messageId, message.id);
    assert.equal(post.messages.at(-1).id, message.id);
    assert.equal(post.messages.at(-1).parts.at(-1).state, state);
  }
}

function open(path, id, count, answer = () => {}) {
  const posts = [];
  const calls = [];
  const page = new PlainChat({
    id,
    transport: transportTo(path, {
      body: { tools },
      fetch: (url, init) => {
        posts.push(JSON.parse(init.body));
        // A client that cannot tell that its calls are answered would go on for ever.
        assert.ok(posts.length <= count + 1, 'it is sent again although every call is answered');
        return fetch(url, init);
      },
    }),
    onToolCall: ({ toolCall }) => {
      calls.push(toolCall);
      answer(toolCall);
    },
    sendAutomaticallyWhen: ai.lastAssistantMessageIsCompleteWithToolCalls,
  });
  return { page, posts, calls };
}
