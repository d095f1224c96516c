import type { Command, Values } from "./command.ts";
import { configOf, configOption } from "./config-option.ts";
import { EXIT, type Exit } from "./exit.ts";
import { say } from "./terminal.ts";

function checkConfig(values: Values): Promise<Exit> {
  const config = configOf(values);
  say(
    `The configuration is good: ${config.mode} node of ${config.participant} (${config.jurisdiction}), ` +
      `${config.channels.length} channel(s), ${config.identity.issuers.length} token issuer(s), ${config.store.technology}.`,
  );
  return Promise.resolve(EXIT.done);
}

/** `icl check-config`: reads a configuration as `icl start` does. */
export const checkConfigCommand: Command = {
  summary: "check a configuration and tell every mistake in it",
  help: `Usage: icl check-config [--config <file>]

Reads a configuration just as start does, and tells all its mistakes at once, one a line: where, what is wrong, what to
write instead. Nothing is started or changed.

  -c, --config <file>   configuration file; without it, the environment alone

Example: icl check-config --config /etc/icl/node.yaml && systemctl restart icl`,
  options: configOption,
  run: checkConfig,
};
