package dev.redrive.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Stands in the help. {@link Cli#startsServer} finds it before any command is read. */
@Command(
        name = "serve",
        description =
                "Start Redrive itself, as without any command. Its settings are environment variables, see the README.",
        footer = {"%nExamples:", "  redrive serve"})
final class Serve implements Callable<Integer> {

    @Override
    public Integer call() {
        throw Failure.usage("serve stands alone");
    }
}
