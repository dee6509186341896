package dev.redrive.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Java program as a process of its own, which ends at the latest when this JVM does. Its output goes to one file.
 * Signals are sent with {@code kill}, so this works on Linux and macOS.
 */
public final class ChildJvm implements AutoCloseable {

    private static final Path KIT = Path.of("target", "testkit");

    private final Process process;
    private final Path output;
    private final Thread atExit;

    private ChildJvm(Process process, Path output) {
        this.process = process;
        this.output = output;
        this.atExit = new Thread(process::destroyForcibly, "kill-" + process.pid());
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * What to start.
     *
     * @param classPath entries; given to the child in an argument file, because a command line has a limit
     * @param options heap, system properties and the like
     * @param environment added to ours
     * @param output appended to, so that the log of a restarted process stays in one file
     */
    public record Program(
            String mainClass,
            List<String> arguments,
            List<String> classPath,
            List<String> options,
            Map<String, String> environment,
            Path output) {

        public Program {
            arguments = List.copyOf(arguments);
            classPath = List.copyOf(classPath);
            options = List.copyOf(options);
            environment = Map.copyOf(environment);
        }
    }

    /**
     * How this JVM compiles and collects is how its children do: tests start many that live for seconds, and the quick
     * compiler and one collecting thread are enough for them; benchmarks use what the product does.
     */
    static final List<String> INHERITED = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("-XX:TieredStopAtLevel=")
                    || argument.equals("-XX:+UseSerialGC")
                    || argument.startsWith("-Dio.netty."))
            .toList();

    private static final class Packed {

        /** Where tests run, children share classes; see {@link ClassArchive}. */
        static final PackedClassPath PATH = INHERITED.isEmpty()
                ? new PackedClassPath(KIT, longClassPath())
                : PackedClassPath.of(longClassPath(), KIT);

        static final ClassArchive ARCHIVE = new ClassArchive(PATH);
    }

    /** The class path of this JVM, of which surefire keeps the long form in a property. */
    private static List<String> longClassPath() {
        var path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        // An empty entry is the working directory, which nobody means.
        return Stream.of(path.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    /** What this JVM can load, for a child. */
    public static List<String> ownClassPath() {
        return Packed.PATH.entries();
    }

    static PackedClassPath packedClassPath() {
        return Packed.PATH;
    }

    static ClassArchive archive() {
        return Packed.ARCHIVE;
    }

    /** As tests do, and benchmarks do not. */
    static boolean sharesClasses() {
        return !INHERITED.isEmpty();
    }

    public static ChildJvm start(Program program) {
        try {
            Files.createDirectories(program.output().toAbsolutePath().getParent());
            var command = new ArrayList<String>();
            command.add(java());
            command.addAll(INHERITED);
            if (sharesClasses() && program.classPath().equals(ownClassPath())) {
                command.addAll(archive().options(program.output()));
            }
            command.addAll(program.options());
            command.add("@" + argumentFile(program.classPath(), program.output()));
            command.add(DiesWithParent.class.getName());
            command.add(program.mainClass());
            command.addAll(program.arguments());
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(program.output().toFile()));
            builder.environment().putAll(program.environment());
            return new ChildJvm(builder.start(), program.output());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** With the class path, for which a command line may be too short. */
    static Path argumentFile(List<String> classPath, Path output) throws IOException {
        var path = String.join(File.pathSeparator, classPath).replace("\\", "\\\\");
        var file = Path.of(output + ".classpath").toAbsolutePath();
        return Files.writeString(file, "-cp \"" + path + "\"\n");
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Everything that the process has written so far. */
    public String output() {
        try {
            return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill9() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    /** SIGTERM; does not wait. */
    public void sigterm() {
        // Not process.destroy(): that closes standard input too, at whose end the child halts.
        process.toHandle().destroy();
    }

    /** SIGSTOP: the process keeps its connections and does nothing. */
    public void pause() {
        Signals.send("STOP", List.of(pid()));
    }

    public void resume() {
        Signals.send("CONT", List.of(pid()));
    }

    /** @return the exit code; killed processes have 128 plus the signal */
    public int awaitExit(Duration within) {
        try {
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(
                        "Process " + pid() + " still runs after " + within.toMillis() + " ms; its output: " + output);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting for process " + pid(), e);
        }
    }

    /** SIGKILL, unless it has ended. */
    @Override
    public void close() {
        kill9();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // This JVM is ending; the hook runs and finds nothing to do.
        }
    }
}
