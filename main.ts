import { launch } from "./src/walls/launch.ts";

await launch(Deno.args);
