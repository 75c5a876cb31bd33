import assert from "node:assert/strict";
import { openAudit } from "../audit/audit.ts";
import { createRandom } from "../platform/deno.ts";
import { createFakeClock } from "../../tests/fakes/clock.ts";
import { MemoryDisk } from "../../tests/fakes/memory_disk.ts";
import { NO_SECRETS } from "../../tests/fakes/plainly.ts";
import { describeAllowFrom, mayAskForCode, readAllowFrom, standingOf } from "./allow_from.ts";
import { createDoor } from "./door.ts";
import { openPeople } from "./people.ts";
import type { AdmittedPerson } from "./person.ts";

const person = (id: string, name = "someone") => ({ channel: "telegram", id, name });
const OWNER: AdmittedPerson = { ...person("9"), role: "owner", since: 0, by: "cli" };
const GUEST: AdmittedPerson = { ...person("8"), role: "guest", since: 0, by: "cli" };

Deno.test("allowFrom: left out nobody, empty everybody as a guest, ids are owners until one is named", () => {
  for (
    const [list, people, id, standing] of [
      [undefined, [], "1", "unknown"],
      [undefined, [OWNER, GUEST], "9", "owner"],
      [undefined, [OWNER, GUEST], "8", "guest"],
      [[], [], "1", "guest"],
      [[], [OWNER], "9", "owner"],
      [["1", "2"], [], "1", "owner"],
      [["1", "2"], [], "3", "unknown"],
      [["1", "2"], [GUEST], "2", "owner"],
      [["1", "2"], [OWNER], "1", "guest"],
      [["1", "2"], [{ ...OWNER, channel: "loopback" }], "1", "owner"],
      [["1|ann"], [], "1", "owner"],
      [["ann"], [], "1", "unknown"],
      [[""], [], "1", "unknown"],
    ] as const
  ) {
    const told = `${JSON.stringify(list)} ${id}`;
    assert.equal(standingOf(person(id, "ann"), people, readAllowFrom(list)), standing, told);
  }
});

Deno.test("the start says what an empty list and unnamed owners mean (A202)", () => {
  const told = (list: string[] | undefined, people: AdmittedPerson[] = []) =>
    describeAllowFrom("telegram", people, readAllowFrom(list)).join("\n");
  assert.match(told([]), /everybody may talk/);
  assert.match(told(["1", "2"]), /are owners: 1, 2\./);
  assert.equal(told(["1"], [OWNER]), "");
  assert.equal(told(undefined), "");
});

Deno.test("only a user name that is listed, or a list that is left out, leads to a code", () => {
  const ann = person("1", "Ann");
  assert.equal(mayAskForCode(ann, readAllowFrom(undefined)), true);
  assert.equal(mayAskForCode(ann, readAllowFrom(["@ANN"])), true);
  assert.equal(mayAskForCode(ann, readAllowFrom(["2", "ben"])), false);
  assert.equal(mayAskForCode({ channel: "telegram", id: "1" }, readAllowFrom([""])), false);
});

function atDoor() {
  const clock = createFakeClock();
  const disk = new MemoryDisk();
  const audit = openAudit(disk.openFiles("/audit"), clock);
  const files = disk.openFiles("/state");
  const pairing = openPeople({ files, clock, random: createRandom(), audit, redactor: NO_SECRETS });
  return { clock, pairing, door: createDoor({ pairing, clock }) };
}

Deno.test("somebody unknown is told once, with the code that admits them; the owners too (A202)", async () => {
  const { clock, door, pairing } = atDoor();
  const first = await door.knock(person("1", "Ann"), readAllowFrom(undefined));
  const [pending] = await pairing.pending();
  const command = `clambot channels approve telegram ${pending?.code}`;
  assert.ok(first.reply?.includes(command), first.reply);
  assert.ok(first.toOwners?.includes(command) && first.toOwners.includes("telegram 1 (Ann)"));
  assert.deepEqual(await door.knock(person("1"), readAllowFrom(undefined)), {});
  clock.advance(600_000);
  assert.match((await door.knock(person("1"), readAllowFrom(undefined))).reply ?? "", /approve/);
});

Deno.test("a refusal is said once an hour, and the owners hear of few strangers (A204)", async () => {
  const { clock, door, pairing } = atDoor();
  const listed = readAllowFrom(["7"]);
  const heard = [];
  for (let n = 1; n <= 12; n++) heard.push(await door.knock(person(`${n}`), listed));
  assert.equal(heard.filter(({ reply }) => reply === undefined).length, 0);
  assert.equal(heard.filter(({ toOwners }) => toOwners !== undefined).length, 5);
  assert.deepEqual(await door.knock(person("1"), listed), {});
  clock.advance(3_599_999);
  assert.deepEqual(await door.knock(person("1"), listed), {});
  clock.advance(1);
  const again = await door.knock(person("1"), listed);
  assert.ok(again.reply !== undefined && again.toOwners !== undefined);
  assert.deepEqual(await pairing.pending(), [], "nobody whose number is not listed gets a code");
});

Deno.test("strangers without number are forgotten one by one, not all kept", async () => {
  const { door } = atDoor();
  const listed = readAllowFrom(["7"]);
  for (let n = 1; n <= 1_001; n++) await door.knock(person(`${n}`), listed);
  assert.ok((await door.knock(person("1"), listed)).reply, "the first was forgotten");
  assert.deepEqual(await door.knock(person("900"), listed), {});
});
