import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";
import { needing } from "./needing.ts";

// What a power cut leaves: told by the system calls of the program.

/** A system call, with the file that it is about where one is named. */
interface SystemCall {
  readonly name: string;
  readonly text: string;
}

/** The calls of a trace in order; strace -y names the file of each descriptor. */
function readTrace(trace: string): readonly SystemCall[] {
  return trace.split("\n").flatMap((line) => {
    const [, name = "", text = ""] = /^\d+ +(?:<\.\.\. )?(\w+)(.*)$/.exec(line) ?? [];
    return name === "" ? [] : [{ name, text }];
  });
}

(await needing("strace"))(
  "P095: what will be done is on the disk itself before it is, and its file in its directory",
  async () => {
    await using clambot = await Clambot.inEmptyHome();
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
      return Response.json({ url: request.url });
    });
    try {
      const { port } = server.addr;
      const url = `http://127.0.0.1:${port}`;
      const allowHosts = [{ url, addresses: "127.0.0.1", tools: ["http_request"] }];
      await clambot.write(".clambot/config.json", JSON.stringify({ network: { allowHosts } }));
      const file = await clambot.write(
        "effect.js",
        `async function run() { await http_request({method: "POST", url: "${url}/"}); return 1; }`,
      );
      const trace = `${clambot.directory}/trace`;
      const traced = "trace=write,pwrite64,writev,fsync,fdatasync,connect";
      const args = ["run", file, "--tools", "http_request", "--grant", `http_request:path:${url}/`];
      const child = clambot.spawn("strace", [
        ...["-f", "-y", "-s", "4096", "-e", traced, "-o", trace],
        ...clambot.commandLine(args),
      ]);
      await child.stdin.close();
      const { code, stderr } = await child.output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
      const calls = readTrace(await Deno.readTextFile(trace));
      const first = (name: RegExp, text: RegExp, from = 0) =>
        calls.findIndex((call, index) =>
          index >= from && name.test(call.name) && text.test(call.text)
        );
      const written = first(/write/, /\/runs\/[^>]+\.jsonl>.*\\"kind\\":\\"intent\\"/);
      const synced = first(/^f(data)?sync$/, /\/runs\/[^>]+\.jsonl>/, written);
      const folder = first(/^fsync$/, /\/runs>/);
      const connected = first(/^connect$/, new RegExp(`htons\\(${port}\\)`));
      const order = JSON.stringify({ written, synced, folder, connected });
      assert.ok(written >= 0 && written < synced && synced < connected, order);
      assert.ok(folder >= 0 && folder < connected, order);
    } finally {
      await server.shutdown();
    }
  },
);
