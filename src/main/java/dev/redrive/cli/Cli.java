package dev.redrive.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/** The command {@code redrive}: reads the arguments, runs one command, and tells how it ended. */
public final class Cli {

    private static final int WIDTH = 110;

    private final Shell shell;

    /** @param environment variables such as REDRIVE_URL and REDRIVE_TOKEN */
    public Cli(Terminal terminal, Map<String, String> environment) {
        this(terminal, environment, Shell.PATIENT);
    }

    /** @param pauses before each further try, where an answer was lost */
    Cli(Terminal terminal, Map<String, String> environment, List<Duration> pauses) {
        this.shell = new Shell(terminal, environment, pauses);
    }

    /** Whether these arguments mean the server: none, as ever, or {@code serve} alone. */
    public static boolean startsServer(String... arguments) {
        return arguments.length == 0 || Arrays.equals(arguments, new String[] {"serve"});
    }

    /** Blocks until the command is done. @return the exit code, see {@code redrive --help} */
    public int run(String... arguments) {
        int code = commands().execute(arguments);
        shell.terminal().err().flush();
        // Print streams keep what went wrong to themselves, such as a full disk behind a redirection.
        return shell.terminal().out().checkError() && code == Exit.OK.code ? Exit.UNEXPECTED.code : code;
    }

    @Command(
            name = "redrive",
            synopsisSubcommandLabel = "<command>",
            description = "The dead-letter desk for Kafka, from a command line. Without a command: the server itself.")
    private static final class Root {}

    @Command(
            name = "job",
            synopsisSubcommandLabel = "<command>",
            description = "Look after jobs: several letters at once.")
    private static final class Job {}

    /** Every command with its options, as the help and the tests of the help see them. */
    CommandLine commands() {
        var job = new CommandLine(new Job());
        Jobs.all(shell).forEach(job::addSubcommand);
        var topics = new CommandLine(new Topics(shell)).addSubcommand(new Reread(shell));
        var root = new CommandLine(new Root());
        for (Object command : List.of(
                new Ls(shell),
                new Show(shell),
                new Replay(shell),
                new Discard(shell),
                job,
                topics,
                new Export(shell),
                new Doctor(shell),
                new Serve())) {
            root.addSubcommand(command);
        }
        return dressed(root);
    }

    private CommandLine dressed(CommandLine root) {
        describe(root);
        root.getCommandSpec().usageMessage().footer(footer());
        return root.setOut(writer(shell.terminal().out()))
                .setErr(writer(shell.terminal().err()))
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(this::misused)
                .setExecutionExceptionHandler((thrown, command, parsed) -> told(thrown));
    }

    private static void describe(CommandLine command) {
        var spec = command.getCommandSpec();
        spec.mixinStandardHelpOptions(true);
        spec.versionProvider(() -> new String[] {"redrive " + version()});
        spec.usageMessage().width(WIDTH).sortOptions(false).sortSynopsis(false);
        spec.exitCodeOnUsageHelp(Exit.OK.code).exitCodeOnInvalidInput(Exit.USAGE.code);
        command.getSubcommands().values().forEach(Cli::describe);
    }

    private static String[] footer() {
        var codes = Arrays.stream(Exit.values())
                .map(exit -> "  " + exit.code + "  " + exit.meaning)
                .collect(Collectors.joining("%n"));
        return new String[] {
            "%nExit codes:",
            codes,
            "%nEnvironment:",
            "  REDRIVE_URL    where Redrive is, instead of --url",
            "  REDRIVE_TOKEN  the token to sign in with, instead of --token-file",
            "%nredrive <command> --help shows examples."
        };
    }

    /** In two lines, because the whole help would push the mistake off the screen. */
    private int misused(CommandLine.ParameterException mistake, String[] arguments) {
        var err = shell.terminal().err();
        err.println("redrive: " + Plain.line(mistake.getMessage()));
        CommandLine.UnmatchedArgumentException.printSuggestions(mistake, writer(err));
        err.println("  Help: " + mistake.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return Exit.USAGE.code;
    }

    private int told(Exception thrown) {
        if (thrown instanceof Failure failure) {
            var err = shell.terminal().err();
            err.println("redrive: " + Plain.line(failure.what()));
            if (failure.advice() != null) {
                err.println("  " + Plain.line(failure.advice()));
            }
            return failure.exit().code;
        }
        shell.terminal().err().println("redrive: a fault of the command itself: " + Plain.line(thrown));
        return Exit.UNEXPECTED.code;
    }

    /** @return {@code dev} where we do not run from a jar */
    static String version() {
        var version = Cli.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }
}
