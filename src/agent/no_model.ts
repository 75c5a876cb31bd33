import { CodedError } from "../domain/failure.ts";

/** What a person without a model is told: what works all the same, and how to add one. */
export function noModel(): CodedError {
  return new CodedError(
    "no_model",
    "No kept clam fits this request, and no model is set up that could write one.",
    "Offline you can ask for the time anywhere, dates, sums, units, text statistics, hashes, " +
      "passwords, dice, notes, to-dos, what to remember, and files of the workspace " +
      "(see clambot clams list); " +
      "clambot onboard adds a model.",
  );
}
