package dev.redrive.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReplayIdTest {

    /** The example of RFC 9562, appendix A.6. */
    @Test
    void isAUuidOfVersion7() {
        assertThat(ReplayId.of(0x017F22E279B0L, 0xCC3, 0x18C4DC0C0C07398FL << 2))
                .isEqualTo(UUID.fromString("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
    }

    @Test
    void laterOnesSortBehindEarlierOnes() {
        assertThat(ReplayId.of(1_000, -1, -1).toString())
                .isLessThan(ReplayId.of(1_001, 0, 0).toString());
    }

    @Test
    void eachIsAnother() {
        var ids = Stream.generate(ReplayId::next).limit(10_000).toList();
        assertThat(ids).doesNotHaveDuplicates().allSatisfy(id -> {
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
        });
    }
}
