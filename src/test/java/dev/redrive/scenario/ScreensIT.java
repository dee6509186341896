package dev.redrive.scenario;

import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The tests of parts of screens and of the states they can be in, in {@code ui/tests/parts}. They wait for a stand-in
 * of the server while {@link BrowserIT} waits for the real one, so each is a test of its own.
 */
class ScreensIT {

    @Test
    void theTestsOfThePartsPass() throws Exception {
        Playwright.pass("parts", 2, Map.of());
    }
}
