package dev.redrive.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that asks Redrive. */
abstract class Asking implements Callable<Integer> {

    @Mixin
    final Connection connection;

    Asking(Shell shell) {
        this.connection = new Connection(shell);
    }

    @Override
    public final Integer call() {
        return ask(connection.api(), connection.output()).code;
    }

    /** @throws Failure where it cannot go on */
    abstract Exit ask(Api api, Output output);
}
