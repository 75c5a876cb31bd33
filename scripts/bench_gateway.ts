// The gateway over the whole house, heard and answered by its loopback channel: how long a message
// takes to its answer with a kept clam, and what many messages of many conversations leave behind.
import { openApp } from "../tests/flows/config_keys/house.ts";
import { GATEWAY_CONFIG, RunningGateway } from "../tests/flows/running_gateway.ts";

const REQUEST = "what time is it in Tokyo?";
const CONVERSATIONS = 50;
/** Messages; CLAMBOT_SOAK raises it. */
const MESSAGES = Number(Deno.env.get("CLAMBOT_SOAK") ?? 1_000);
const SINGLE = 100;

/** Prints latency, throughput, growth and the longest gap of the event loop. */
export async function printGateway(): Promise<void> {
  const home = await Deno.realPath(await Deno.makeTempDir({ prefix: "clambot-bench-" }));
  await Deno.writeTextFile(`${home}/config.json`, "{}");
  const running = await RunningGateway.over(await openApp(home, { once: false }), GATEWAY_CONFIG);
  try {
    for (let n = 0; n < 20; n++) await say(running, `warm ${n}`, "warm");
    const times: number[] = [];
    for (let n = 0; n < SINGLE; n++) {
      const start = performance.now();
      await say(running, `single ${n}`, "single");
      times.push(performance.now() - start);
      await new Promise((go) => setTimeout(go, 30)); // the next sandbox gets ready meanwhile
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => (times[Math.floor(share * times.length)] ?? NaN).toFixed(1);
    console.log("\n| gateway, message in to answer out, a kept clam | |");
    console.log("| --- | --- |");
    console.log(`| median; 95th percentile (at most 50 ms) | ${at(0.5)} ms; ${at(0.95)} ms |`);
    await soak(running);
  } finally {
    await running.end();
    await Deno.remove(home, { recursive: true });
  }
}

async function soak(running: RunningGateway): Promise<void> {
  const gap = watchGap();
  const start = performance.now();
  const memory: number[] = [];
  let next = 0;
  const lane = async () => {
    while (next < MESSAGES) {
      const n = next++;
      await say(running, `soak ${n}`, `c${n % CONVERSATIONS}`);
      if (n % Math.ceil(MESSAGES / 10) === 0) memory.push(Deno.memoryUsage().rss / 1_048_576);
    }
  };
  await Promise.all(Array.from({ length: CONVERSATIONS }, lane));
  const seconds = (performance.now() - start) / 1000;
  const [first = 0, last = 0] = [memory[1], memory.at(-1)];
  const growth = (last - first) / (0.9 * MESSAGES) * 1000;
  console.log(
    `| ${MESSAGES} messages, ${CONVERSATIONS} conversations | ${
      (MESSAGES / seconds).toFixed(0)
    } /s |`,
  );
  console.log(`| resident memory, per 1,000 messages | ${growth.toFixed(1)} MiB |`);
  console.log(`| longest gap of the event loop (at most 100 ms) | ${gap.end().toFixed(0)} ms |`);
}

async function say(running: RunningGateway, id: string, as: string): Promise<void> {
  const [answer] = await running.say(REQUEST, { as, id });
  if (answer?.status !== "completed") throw new Error(`${id}: ${answer?.text}`);
}

/** The longest time in which a timer of 5 ms did not come. */
function watchGap(): { end(): number } {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 5);
    last = now;
  }, 5);
  return {
    end() {
      clearInterval(timer);
      return longest;
    },
  };
}
