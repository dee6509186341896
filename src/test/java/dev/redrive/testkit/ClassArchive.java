package dev.redrive.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * The classes that child JVMs load, parsed and checked once in a build and mapped by all of them (class-data sharing): a
 * build starts more than a hundred, and most of what they did was to load the same classes. {@link Preparation} makes it
 * of what its own children loaded. A child for which there is none, or that cannot use it, loads its classes itself.
 */
final class ClassArchive {

    private static final boolean LEARNS = Boolean.getBoolean(Preparation.IN_THIS_JVM);
    private static final long PATIENCE_SECONDS = 180;

    /** Says nothing about an archive, which nobody needs to know; output of children is what tests look at. */
    private static final List<String> QUIET = List.of("-Xlog:disable", "-Xlog:all=error:stderr");

    private final PackedClassPath path;
    private final Path file;
    private final Queue<Path> learnt = new ConcurrentLinkedQueue<>();

    ClassArchive(PackedClassPath path) {
        this.path = path;
        this.file = path.directory().resolve("classes.jsa");
    }

    boolean isThere() {
        return Files.exists(file);
    }

    /** Of a JVM that is about to start: it uses the archive, or writes down what it loads where one is to be made. */
    List<String> options(Path output) {
        var options = new ArrayList<String>();
        if (isThere()) {
            options.add("-XX:SharedArchiveFile=" + file);
        } else if (LEARNS) {
            var list = Path.of(output + ".classes");
            learnt.add(list);
            options.add("-XX:DumpLoadedClassList=" + list);
        }
        options.addAll(QUIET);
        return options;
    }

    /** Blocks for some ten seconds. @param jvm options that children have too, as far as they decide about archives */
    void make(List<String> jvm) throws IOException, InterruptedException {
        Set<String> classes = new LinkedHashSet<>();
        for (var list : learnt) {
            classes.addAll(sharable(Files.readAllLines(list, UTF_8)));
        }
        var all = Files.write(path.directory().resolve("classes.list"), classes);
        var unfinished = path.directory().resolve("classes.unfinished");
        var dump = dump(all, unfinished, jvm);
        if (!dump.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || dump.exitValue() != 0) {
            dump.destroyForcibly();
            throw new IOException("No archive of classes was made, see " + logOf(all));
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * What the JVM's own loaders loaded. Numbers are left out, which only classes of other loaders need, and the last
     * line, which a killed process may not have written to its end.
     */
    private static List<String> sharable(List<String> lines) {
        return lines.subList(0, Math.max(0, lines.size() - 1)).stream()
                .filter(line -> !line.contains("source:"))
                .filter(line -> !line.startsWith("#"))
                .filter(line -> !line.startsWith("@") || line.startsWith("@lambda"))
                .map(line -> line.replaceFirst(" id: .*", ""))
                .toList();
    }

    private Process dump(Path classes, Path archive, List<String> jvm) {
        try {
            var command = new ArrayList<String>();
            command.add(ChildJvm.java());
            command.addAll(jvm);
            command.addAll(QUIET);
            command.addAll(
                    List.of("-Xshare:dump", "-XX:SharedClassListFile=" + classes, "-XX:SharedArchiveFile=" + archive));
            command.add("@" + ChildJvm.argumentFile(path.entries(), classes));
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(logOf(classes).toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path logOf(Path classes) {
        return Path.of(classes + ".log");
    }
}
