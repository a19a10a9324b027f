package dev.graft.ingest.picture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PictureCheckerTest {

    @Test
    void affordsTheLargestPicturesWithEnoughHeap() {
        assertThat(PictureChecker.affordablePixels(1_408L << 20)).isGreaterThan(100_000_000);
    }

    @Test
    void affordsTwelveMegapixelsWithLittleHeap() {
        assertThat(PictureChecker.affordablePixels(320L << 20)).isBetween(12_500_000L, 20_000_000L);
    }

    @Test
    void affordsAtLeastSmallPictures() {
        assertThat(PictureChecker.affordablePixels(64L << 20)).isEqualTo(1_000_000);
    }
}
