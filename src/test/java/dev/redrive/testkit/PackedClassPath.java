package dev.redrive.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A class path whose directories are packed into jars, because JVMs share classes of jars alone. The JVMs of one build
 * find the same jars, in a directory that is named after what is in them and the Java that reads them.
 *
 * @param directory belongs to this class path: what is derived from it may lie there too
 */
record PackedClassPath(Path directory, List<String> entries) {

    PackedClassPath {
        entries = List.copyOf(entries);
    }

    /** @param parent where the directory is made, unless it is there */
    static PackedClassPath of(List<String> classPath, Path parent) {
        try {
            var directory = parent.toAbsolutePath().resolve("classes-" + fingerprint(classPath));
            if (!Files.exists(directory)) {
                pack(classPath, directory);
            }
            var entries = new ArrayList<String>();
            for (int i = 0; i < classPath.size(); i++) {
                var jar = directory.resolve(i + ".jar");
                entries.add(Files.exists(jar) ? jar.toString() : classPath.get(i));
            }
            return new PackedClassPath(directory, entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Two JVMs may do this at once; one of them is first. */
    private static void pack(List<String> classPath, Path directory) throws IOException {
        Files.createDirectories(directory.getParent());
        var mine = Files.createTempDirectory(directory.getParent(), "packing-");
        for (int i = 0; i < classPath.size(); i++) {
            var entry = Path.of(classPath.get(i));
            if (Files.isDirectory(entry)) {
                packInto(mine.resolve(i + ".jar"), entry);
            }
        }
        try {
            Files.move(mine, directory);
        } catch (FileSystemException another) {
            if (!Files.exists(directory)) {
                throw another;
            }
            for (var file : filesBelow(mine)) {
                Files.delete(file);
            }
            Files.delete(mine);
        }
    }

    private static void packInto(Path jar, Path directory) throws IOException {
        try (var zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(jar)))) {
            zip.setLevel(Deflater.NO_COMPRESSION);
            for (var file : filesBelow(directory)) {
                var name = directory.relativize(file).toString().replace('\\', '/');
                boolean folder = Files.isDirectory(file);
                // Whoever looks for all files of a folder, such as the migrations, finds it by its entry.
                zip.putNextEntry(new ZipEntry(folder ? name + "/" : name));
                if (!folder) {
                    Files.copy(file, zip);
                }
                zip.closeEntry();
            }
        }
    }

    /** In an order that is the same each time; files and folders, without the directory itself. */
    private static List<Path> filesBelow(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(file -> !file.equals(directory)).sorted().toList();
        }
    }

    private static String fingerprint(List<String> classPath) throws IOException {
        var text = new StringBuilder(System.getProperty("java.home") + System.getProperty("java.vm.version"));
        for (var entry : classPath) {
            var path = Path.of(entry);
            var files = Files.isDirectory(path)
                    ? filesBelow(path)
                    : Stream.of(path).filter(Files::exists).toList();
            text.append('\n').append(path);
            for (var file : files) {
                text.append('\n').append(file).append(' ').append(Files.size(file));
                text.append(' ').append(Files.getLastModifiedTime(file));
            }
        }
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
