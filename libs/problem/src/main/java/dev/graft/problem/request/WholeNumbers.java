package dev.graft.problem.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.NumberDeserializers;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Takes a whole number however it is written: `358.0` is 358, as JSON Schema has it (what `type` says of `integer`,
/// since draft 6). Numbers with a fraction are left to Jackson, which refuses them.
final class WholeNumbers extends SimpleModule {
    private static final long serialVersionUID = 1L;

    /// The most digits of a long.
    private static final int MAX_DIGITS = 19;

    WholeNumbers() {
        super(WholeNumbers.class.getName());
        add(int.class, Integer.class, BigDecimal::intValueExact);
        add(long.class, Long.class, BigDecimal::longValueExact);
    }

    private <N extends Number> void add(Class<N> primitive, Class<N> boxed, Function<BigDecimal, N> exact) {
        addDeserializer(primitive, new Whole<>(primitive, exact));
        addDeserializer(boxed, new Whole<>(boxed, exact));
    }

    private static final class Whole<N extends Number> extends StdScalarDeserializer<N> {
        private static final long serialVersionUID = 1L;

        private final transient JsonDeserializer<N> strict;
        private final transient Function<BigDecimal, N> exact;

        @SuppressWarnings("unchecked") // Jackson finds the deserializer of the type.
        Whole(Class<N> type, Function<BigDecimal, N> exact) {
            super(type);
            this.strict = (JsonDeserializer<N>) NumberDeserializers.find(type, type.getName());
            this.exact = exact;
        }

        @Override
        public N deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            try {
                if (parser.hasToken(JsonToken.VALUE_NUMBER_FLOAT) && isWhole(parser.getDecimalValue())) {
                    return exact.apply(parser.getDecimalValue());
                }
            } catch (ArithmeticException tooLarge) {
                return strict.deserialize(parser, context);
            }
            return strict.deserialize(parser, context);
        }

        /// A number with very many digits is none: to look at 1e999999999 would mean to write it out.
        private static boolean isWhole(BigDecimal number) {
            return number.stripTrailingZeros().scale() <= 0 && number.precision() - number.scale() <= MAX_DIGITS;
        }

        @Override
        public @Nullable N getNullValue(DeserializationContext context) throws JsonMappingException {
            return strict.getNullValue(context);
        }

        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) throws JsonMappingException {
            return strict.getAbsentValue(context);
        }
    }
}
