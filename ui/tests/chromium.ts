/** A real Chromium: the one of CHROMIUM_PATH, or the one that came with npm (linux x64), or an installed Chrome. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

export interface Browser {
  executablePath?: string;
  channel?: string;
  args: string[];
  env: Record<string, string>;
}

const cache = resolve("node_modules/.cache/chromium");

export async function chromium(): Promise<Browser> {
  const args = ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none"];
  const env = Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const given = process.env["CHROMIUM_PATH"];
  if (given) return { executablePath: given, args, env };
  if (process.platform !== "linux" || process.arch !== "x64") return { channel: "chrome", args, env };
  return unpacked(args, env);
}

/** Unpacks once, into node_modules and not into the shared /tmp, where the package would put it. */
async function unpacked(args: string[], env: Record<string, string>): Promise<Browser> {
  mkdirSync(cache, { recursive: true });
  const binary = join(cache, "chromium");
  const before = { TMPDIR: process.env["TMPDIR"], AWS_EXECUTION_ENV: process.env["AWS_EXECUTION_ENV"], LD_LIBRARY_PATH: process.env["LD_LIBRARY_PATH"], FONTCONFIG_PATH: process.env["FONTCONFIG_PATH"] };
  try {
    process.env["TMPDIR"] = cache;
    // Makes the package unpack the libraries it brings for machines without libnss3 and libnspr4.
    process.env["AWS_EXECUTION_ENV"] = "AWS_Lambda_nodejs20.x";
    const { default: packed } = await import("@sparticuz/chromium");
    if (!existsSync(join(cache, "al2023")) || !existsSync(binary)) await packed.executablePath();
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
  if (spawnSync(binary, ["--version"], { env }).status === 0) return { executablePath: binary, args, env };
  return { executablePath: binary, args, env: { ...env, LD_LIBRARY_PATH: join(cache, "al2023", "lib"), FONTCONFIG_PATH: env["FONTCONFIG_PATH"] ?? join(cache, "fonts") } };
}
