import assert from "node:assert/strict";
import { createChannelFetch } from "./channel_fetch.ts";

Deno.test("what was sent is not sent again where the connection ends without an answer", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let connections = 0;
  const serving = (async () => {
    for await (const connection of listener) {
      connections++;
      await connection.read(new Uint8Array(4096));
      connection.close();
    }
  })();
  const send = createChannelFetch();
  const url = `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/`;
  await assert.rejects(send(url, { method: "POST", body: "{}" }), { reason: "broken" });
  assert.equal(connections, 1);
  listener.close();
  await serving;
});
