package dev.redrive.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs messages as Standard Webhooks 1.0 says (github.com/standard-webhooks, spec/standard-webhooks.md): {@code v1}
 * is HMAC-SHA256 over {@code id.timestamp.body}. With several secrets there is a signature for each, so that a
 * receiver can change over.
 */
final class StandardWebhook {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "whsec_";

    private final List<SecretKeySpec> keys;

    private StandardWebhook(List<SecretKeySpec> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * @param secrets each {@code whsec_} and base64 of the key
     * @throws IllegalArgumentException when there is none, or one looks otherwise
     */
    static StandardWebhook withSecret(String... secrets) {
        if (secrets.length == 0) {
            throw new IllegalArgumentException("A webhook needs a secret");
        }
        return new StandardWebhook(
                Arrays.stream(secrets).map(StandardWebhook::key).toList());
    }

    private static SecretKeySpec key(String secret) {
        if (!secret.startsWith(PREFIX)) {
            throw new IllegalArgumentException("A webhook secret starts with " + PREFIX);
        }
        return new SecretKeySpec(Base64.getDecoder().decode(secret.substring(PREFIX.length())), ALGORITHM);
    }

    /**
     * @param timestamp seconds since 1970, of this attempt
     * @return the value of {@code webhook-signature}
     */
    String sign(String id, long timestamp, Buffer body) {
        var signed =
                Buffer.buffer(id + "." + timestamp + ".").appendBuffer(body).getBytes();
        return String.join(
                " ", keys.stream().map(key -> "v1," + signature(key, signed)).toList());
    }

    private static String signature(SecretKeySpec key, byte[] signed) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return new String(Base64.getEncoder().encode(mac.doFinal(signed)), UTF_8);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("Every Java has " + ALGORITHM, missing);
        }
    }
}
