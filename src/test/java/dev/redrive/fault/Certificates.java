package dev.redrive.fault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Key stores of a broker, and a trust store for its users, made with the JDK's own keytool. */
final class Certificates {

    static final String PASSWORD = "changeit";

    private final Path directory;

    Certificates(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        run("-genkeypair", "-keystore", path("authority"), "-alias", "ca", "-dname", "CN=Test", "-ext", "bc=ca:true");
        run("-exportcert", "-keystore", path("authority"), "-alias", "ca", "-file", path("ca.crt"));
        run("-importcert", "-noprompt", "-keystore", path("trust"), "-alias", "ca", "-file", path("ca.crt"));
    }

    String trust() {
        return path("trust");
    }

    /**
     * A key store for 127.0.0.1.
     *
     * @param begin of its one day, as keytool's -startdate has it
     */
    String server(String name, String begin) throws IOException, InterruptedException {
        var store = path(name);
        run("-genkeypair", "-keystore", store, "-alias", "server", "-dname", "CN=broker");
        run("-certreq", "-keystore", store, "-alias", "server", "-file", path(name + ".csr"));
        run(
                "-gencert",
                "-keystore",
                path("authority"),
                "-alias",
                "ca",
                "-startdate",
                begin,
                "-validity",
                "1",
                "-ext",
                "san=ip:127.0.0.1",
                "-infile",
                path(name + ".csr"),
                "-outfile",
                path(name + ".crt"));
        run("-importcert", "-noprompt", "-keystore", store, "-alias", "ca", "-file", path("ca.crt"));
        run("-importcert", "-noprompt", "-keystore", store, "-alias", "server", "-file", path(name + ".crt"));
        return store;
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private static void run(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storepass", PASSWORD));
        // It runs for a second: the quick compiler and one collecting thread halve what it takes.
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        if (arguments[0].equals("-genkeypair")) {
            command.addAll(List.of("-keyalg", "EC"));
        }
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + ": " + said);
        }
    }
}
