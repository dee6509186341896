package dev.redrive.transform;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.node.NumericNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A number that keeps the digits it was written with, so that what a program does not touch leaves it as it came: a long
 * beyond 2^53, {@code 1.0}, {@code 1e3}, {@code -0}. Where a function could only go on with another number it is refused.
 */
final class WrittenNumber extends NumericNode {

    private static final long serialVersionUID = 1L;

    /** A function that calculates with doubles or longs would lose digits. Not for {@code try} of a program to catch. */
    static final class InexactException extends ArithmeticException {
        private static final long serialVersionUID = 1L;

        InexactException(String number) {
            super(number.length() > 40 ? number.substring(0, 40) + "…" : number);
        }
    }

    private final String text;

    /** @param text as JSON has it */
    WrittenNumber(String text) {
        this.text = text;
    }

    static WrittenNumber of(BigDecimal number) {
        return new WrittenNumber(number.toString());
    }

    @Override
    public boolean isIntegralNumber() {
        return text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0;
    }

    @Override
    public boolean isFloatingPointNumber() {
        return !isIntegralNumber();
    }

    @Override
    public JsonToken asToken() {
        return isIntegralNumber() ? JsonToken.VALUE_NUMBER_INT : JsonToken.VALUE_NUMBER_FLOAT;
    }

    @Override
    public NumberType numberType() {
        return isIntegralNumber() ? NumberType.BIG_INTEGER : NumberType.BIG_DECIMAL;
    }

    @Override
    public Number numberValue() {
        return decimalValue();
    }

    @Override
    public BigDecimal decimalValue() {
        return new BigDecimal(text);
    }

    @Override
    public BigInteger bigIntegerValue() {
        return decimalValue().toBigInteger();
    }

    @Override
    public boolean canConvertToInt() {
        return fits(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    @Override
    public boolean canConvertToLong() {
        return fits(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private boolean fits(long least, long most) {
        var value = decimalValue();
        return value.compareTo(BigDecimal.valueOf(least)) >= 0 && value.compareTo(BigDecimal.valueOf(most)) <= 0;
    }

    @Override
    public int intValue() {
        if (!canConvertToInt()) {
            throw new InexactException(text);
        }
        return decimalValue().intValue();
    }

    @Override
    public long longValue() {
        if (!canConvertToLong()) {
            throw new InexactException(text);
        }
        return decimalValue().longValue();
    }

    @Override
    public double doubleValue() {
        double number = Double.parseDouble(text);
        if (Double.isInfinite(number) || new BigDecimal(Double.toString(number)).compareTo(decimalValue()) != 0) {
            throw new InexactException(text);
        }
        return number;
    }

    @Override
    public String asText() {
        return text;
    }

    @Override
    public void serialize(JsonGenerator generator, SerializerProvider provider) throws IOException {
        generator.writeNumber(text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WrittenNumber number && number.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
