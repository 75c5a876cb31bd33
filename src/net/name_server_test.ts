import assert from "node:assert/strict";
import { CodedError } from "../domain/failure.ts";
import { parseNameServer } from "./name_server.ts";

Deno.test("parseNameServer() reads addresses of both families, with and without a port", () => {
  const read = ["9.9.9.9", "9.9.9.9:5353", "2620:fe::fe", "[2620:fe::fe]", "[2620:fe::fe]:54"];
  assert.deepEqual(read.map(parseNameServer), [
    { address: "9.9.9.9", port: 53 },
    { address: "9.9.9.9", port: 5353 },
    { address: "2620:fe::fe", port: 53 },
    { address: "2620:fe::fe", port: 53 },
    { address: "2620:fe::fe", port: 54 },
  ]);
});

Deno.test("parseNameServer() refuses names, other notations and ports that do not exist", () => {
  for (
    const text of ["", "dns.example", "9.9.9", "9.9.9.9:", "9.9.9.9:0", "9.9.9.9:70000", "[::1"]
  ) {
    assert.throws(
      () => parseNameServer(text),
      (error) => error instanceof CodedError && error.code === "config_invalid",
      text,
    );
  }
});
