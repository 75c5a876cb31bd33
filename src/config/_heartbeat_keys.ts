import { parseQuietHours } from "../text/quiet_hours.ts";
import { flag, optionalForm, section, whole } from "./_kinds.ts";
import { isTimeZone } from "./_time_zone.ts";

/** Standing tasks, and what is put away. */
export const heartbeat = section({
  enabled: flag(true, "The gateway does the standing tasks of `memory/HEARTBEAT.md`."),
  interval: whole(1800, "Seconds between two looks at them.", { min: 10, max: 604_800 }),
  quietHours: optionalForm(
    'hours such as "22:00-07:00"',
    (text) => parseQuietHours(text) !== undefined,
    "Hours in which none is begun; the first counts, the last does not.",
  ),
  timezone: optionalForm(
    "an IANA time zone such as Europe/Vienna",
    isTimeZone,
    "The zone of the quiet hours; yours when left out.",
  ),
  callsPerTick: whole(20, "Requests to models in one look at most; the rest waits for the next.", {
    min: 1,
    max: 1000,
  }),
  callsPerDay: whole(
    200,
    "Requests to models in one day at most; `agents.budgets.perOrigin.heartbeat.calls` wins.",
    { min: 0 },
  ),
  cleanup: section({
    staleClamDays: whole(30, "Days without a use after which a clam is put away; 0: never.", {
      min: 0,
      max: 36_500,
    }),
    orphanBuildHours: whole(
      1,
      "Hours after which a draft that nobody kept is put away; 0: never.",
      {
        min: 0,
        max: 876_000,
      },
    ),
    uploadRetentionDays: whole(30, "Days after which an upload is put away; 0: never.", {
      min: 0,
      max: 36_500,
    }),
    cronLogMaxLines: whole(5000, "Lines of the log of jobs that stay; 0: all.", { min: 0 }),
    pruneDisabledCron: flag(true, "Put away jobs that were to be done once, a day after that."),
    sessionMaxFiles: whole(100, "Conversations that stay; older ones are put away. 0: all stay.", {
      min: 0,
    }),
  }),
});
