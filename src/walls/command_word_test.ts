import assert from "node:assert/strict";
import { commandWord } from "./command_word.ts";

Deno.test("commandWord() takes the first word that is no option and no value of one", () => {
  assert.equal(commandWord(["--home", "config", "agent", "-m", "onboard"]), "agent");
  assert.equal(commandWord(["--config=onboard", "status"]), "status");
  assert.equal(commandWord(["agent", "-m", "config"]), "agent");
  assert.equal(commandWord(["--help"]), undefined);
  assert.equal(commandWord([]), undefined);
});
