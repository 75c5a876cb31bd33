import type { JobBook } from "./job_book.ts";

/** The jobs of a home, as programs come to them. */
export interface JobDesk {
  readonly book: JobBook;
  /** Whether a gateway runs, so that jobs are done at their times. */
  isRunning(): Promise<boolean>;
  /**
   * Why a kept clam cannot run while nobody is there: it has no lease.
   * @throws {CodedError} `clam_not_found`
   */
  whyNotLeased(clam: string): Promise<string | undefined>;
}
