/** The clam worker: a thread without permissions that runs one program in QuickJS and ends. */
import { receiveOwnPort } from "../platform/own_port.ts";
import { serveProgram } from "./_serve.ts";

serveProgram(await receiveOwnPort());
