package dev.redrive.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The classes that JVMs of one kind load, parsed and checked once in a build and mapped by all that start later
 * (class-data sharing): a build starts more than a hundred, and most of what they did was to load the same classes. What
 * belongs into it is what the first one loaded until its end. A JVM that cannot use an archive runs without.
 */
enum ClassArchive {
    BROKER,
    /** Also of processes that run parts of the product alone. */
    REDRIVE;

    /** Says nothing about an archive, which nobody needs to know; output of children is what tests look at. */
    private static final List<String> QUIET = List.of("-Xlog:disable", "-Xlog:all=error:stderr");

    /** Of a JVM that is about to start; it uses the archive, or writes down what it loads while there is none. */
    List<String> options(PackedClassPath path, Path output) {
        var options = new ArrayList<String>();
        if (Files.exists(archive(path))) {
            options.add("-XX:SharedArchiveFile=" + archive(path));
        } else if (!Files.exists(begun(path))) {
            options.add("-XX:DumpLoadedClassList=" + listOf(output));
        }
        options.addAll(QUIET);
        return options;
    }

    /**
     * After the end of a JVM that did what its kind does. Returns at once: the archive is there some seconds later, or on
     * a machine that runs other tests beside, minutes later.
     */
    void learnFrom(PackedClassPath path, Path output, List<String> jvm) {
        try {
            if (!Files.exists(listOf(output)) || Files.exists(begun(path))) {
                return;
            }
            Files.createFile(begun(path));
            var classes = Files.write(file(path, ".list"), sharable(Files.readAllLines(listOf(output), UTF_8)));
            var unfinished = file(path, ".unfinished");
            dump(path, classes, unfinished, jvm).onExit().thenAccept(ended -> finish(ended, unfinished, archive(path)));
        } catch (FileAlreadyExistsException another) {
            // Another test JVM is making it.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void finish(Process dump, Path unfinished, Path archive) {
        try {
            if (dump.exitValue() == 0) {
                Files.move(unfinished, archive, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private static Process dump(PackedClassPath path, Path classes, Path archive, List<String> jvm) throws IOException {
        var command = new ArrayList<String>();
        command.add(ChildJvm.java());
        command.addAll(jvm);
        command.addAll(QUIET);
        command.addAll(
                List.of("-Xshare:dump", "-XX:SharedClassListFile=" + classes, "-XX:SharedArchiveFile=" + archive));
        command.add("@" + ChildJvm.argumentFile(path.entries(), classes));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Path.of(classes + ".log").toFile())
                .start();
    }

    private static Path listOf(Path output) {
        return Path.of(output + ".classes");
    }

    private Path begun(PackedClassPath path) {
        return file(path, ".begun");
    }

    private Path archive(PackedClassPath path) {
        return file(path, ".jsa");
    }

    private Path file(PackedClassPath path, String ending) {
        return path.directory().resolve(name().toLowerCase(Locale.ROOT) + ending);
    }
}
