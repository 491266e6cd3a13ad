import { setTimeout as pause } from 'node:timers/promises';

/**
 * How long, in milliseconds, a test waits for something that should happen at once. Long, because the machine may be slow
 * and busy; but less than the 15 s after which the gateway sends an unchanged number again, or a frame that a browser
 * holds back would go unnoticed.
 */
export const Patience = 10_000;

/**
 * Asks again and again until the answer is truthy, and returns it.
 * @param {string} what is waited for, as a sentence's end: "the gateway is ready".
 * @param {() => any} ask may throw; the last thing it threw is part of the complaint.
 * @param {{deadline?: number, every?: number, seen?: () => any}} [options] `seen` says what was there instead.
 */
export async function until(what, ask, { deadline = Patience, every = 50, seen } = {}) {
  const end = performance.now() + deadline;
  let trouble;
  do {
    try {
      trouble = undefined;
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      trouble = error;
    }
    await pause(every);
  } while (performance.now() < end);
  const instead = seen ? `; seen instead: ${await seen()}` : '';
  throw new Error(`Waited ${deadline / 1000} s in vain until ${what}${instead}`, { cause: trouble });
}
