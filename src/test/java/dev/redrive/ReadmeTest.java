package dev.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README says exists. */
class ReadmeTest {

    private static final Path README = Path.of("README.md");

    @Test
    void everyTestThatStandsBehindAPromiseIsThere() throws IOException {
        var named = Pattern.compile("`(\\w+(?:Test|IT|Benchmark))`")
                .matcher(Files.readString(README))
                .results()
                .map(match -> match.group(1) + ".java")
                .toList();
        try (var files = Files.walk(Path.of("src/test/java"))) {
            assertThat(named).isNotEmpty();
            assertThat(files.map(file -> file.getFileName().toString()).toList())
                    .containsAll(named);
        }
    }

    @Test
    void everyFileThatIsLinkedIsThere() throws IOException {
        var linked = Pattern.compile("\\]\\(([^)#:]+)\\)")
                .matcher(Files.readString(README))
                .results()
                .map(match -> Path.of(match.group(1)))
                .toList();
        assertThat(linked).isNotEmpty().allMatch(Files::exists);
    }
}
