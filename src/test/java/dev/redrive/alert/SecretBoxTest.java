package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SecretBoxTest {

    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

    private final SecretBox box = new SecretBox(KEY);

    @Test
    void opensWhatItSealedAndSealsEachTimeInAnotherWay() throws Exception {
        var sealed = box.seal("https://hooks.example/ü", "a address");
        assertThat(box.open(sealed, "a address")).isEqualTo("https://hooks.example/ü");
        assertThat(box.seal("https://hooks.example/ü", "a address")).isNotEqualTo(sealed);
        assertThat(new String(sealed, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("hooks");
    }

    @Test
    void opensNothingThatWasMovedAlteredCutOrSealedWithAnotherKey() {
        var sealed = box.seal("secret", "a address");
        var altered = sealed.clone();
        altered[altered.length - 1] ^= 1;
        var other = new SecretBox(Base64.getEncoder().encodeToString("01234567890123456789012345678901".getBytes()));
        assertThatThrownBy(() -> box.open(sealed, "b address")).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> box.open(sealed, "a secret")).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> box.open(altered, "a address")).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> box.open(new byte[5], "a address")).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> other.open(sealed, "a address")).isInstanceOf(GeneralSecurityException.class);
    }
}
