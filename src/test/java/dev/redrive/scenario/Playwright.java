package dev.redrive.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The tests in {@code ui/tests/browser}, which need a Redrive that is ready. Those of screens alone are run by {@code
 * ui/scripts/beside.mjs}.
 */
final class Playwright {

    private static final Duration PATIENCE = Duration.ofMinutes(20);

    /** How the list of tests that ended begins its line of one that passed. */
    private static final String PASSED = "  ✓ ";

    private Playwright() {}

    /**
     * Returns when all tests have passed. Their output is kept in {@code target}; what is not about a test that passed
     * is printed when they end, so that the end of a log says what failed.
     *
     * @param environment added to ours: where that Redrive is
     */
    static void pass(Map<String, String> environment) throws IOException, InterruptedException {
        var output = Path.of("target", "browser-tests.log");
        var builder = new ProcessBuilder(
                        "npx",
                        "playwright",
                        "test",
                        "--project=browser",
                        "--workers=1",
                        "--output=test-results/browser")
                .directory(Path.of("ui").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        Files.readAllLines(output).stream()
                .filter(line -> !line.startsWith(PASSED))
                .forEach(System.out::println);
        assertThat(ended).as("end of the tests within " + PATIENCE).isTrue();
        assertThat(process.exitValue())
                .as("exit code of the browser tests; their output is above")
                .isZero();
    }
}
