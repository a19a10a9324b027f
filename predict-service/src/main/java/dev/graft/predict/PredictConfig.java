package dev.graft.predict;

import dev.graft.vision.DecodeLimits;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.OptionalInt;

/// Settings of the predict service, `graft.predict.*`.
@ConfigMapping(prefix = "graft.predict")
public interface PredictConfig {

    /// Threads that decode and compute, one image each; absent: one a processor.
    OptionalInt threads();

    /// Requests that may be under way at one moment; a further one is answered with Retry-After.
    @WithDefault("64")
    int maxRequests();

    /// Bytes of the bodies of the requests under way; a request that would pass it is answered with
    /// Retry-After.
    @WithDefault("268435456")
    long maxRequestBytes();

    /// Images in one multipart request or one tensor.
    @WithDefault("64")
    int maxImagesPerRequest();

    /// Labels in an answer that does not say how many are wanted.
    @WithDefault("5")
    int defaultTop();

    /// Prediction requests from the topic that are worked on at one moment.
    @WithDefault("8")
    int concurrentPredictionRequests();

    /// Greatest size of a bundle's network.
    @WithDefault("2147483647")
    long maxNetworkBytes();

    /// Pretrained classifiers of ImageNet that stay loaded, those in use among them.
    @WithDefault("2")
    int maxImageNetClassifiers();

    /// How an image is limited.
    Decode decode();

    /// Limits of images, which can be lowered only: those that stand here are the same in all services.
    interface Decode {
        /// Greatest size of a file.
        @WithDefault("20971520")
        int maxFileSizeBytes();

        /// Greatest product of width and height.
        @WithDefault("100000000")
        long maxPixels();

        /// Greatest width and height.
        @WithDefault("20000")
        int maxSidePixels();

        /// Gives them as decoding takes them.
        default DecodeLimits limits() {
            return new DecodeLimits(maxFileSizeBytes(), maxPixels(), maxSidePixels());
        }
    }
}
