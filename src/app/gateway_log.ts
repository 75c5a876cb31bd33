import type { HomeLayout } from "../config/home.ts";
import type { Config } from "../config/schema.ts";
import { createFileLog, type FileLog } from "../gateway/file_log.ts";
import type { Files } from "../platform/platform.ts";
import type { Stores } from "./stores.ts";

const MIB = 1_048_576;

/** Opens the log that a gateway writes. */
export function openGatewayLog(
  { gateway: { logs } }: Pick<Config, "gateway">,
  { clock, redactor }: Pick<Stores, "clock" | "redactor">,
  { layout, openFiles }: {
    readonly layout: Pick<HomeLayout, "logs">;
    readonly openFiles: (path: string) => Files;
  },
): FileLog {
  return createFileLog({
    ...{ clock, redactor },
    files: openFiles(layout.logs),
    bounds: { keepDays: logs.keepDays, mostBytes: logs.maxMiB * MIB },
  });
}
