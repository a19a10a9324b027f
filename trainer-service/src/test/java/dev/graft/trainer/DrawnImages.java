package dev.graft.trainer;

import dev.graft.testkit.Png;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.SplittableRandom;

/// Draws images that a backbone distinguishes easily: discs, stripes and boxes.
final class DrawnImages {
    static final String[] LABELS = {"boxes", "discs", "stripes"};

    private DrawnImages() {}

    /// Draws an image of a class; every seed gives another one.
    static byte[] png(int label, long seed) {
        SplittableRandom random = new SplittableRandom(seed * 31 + label);
        BufferedImage image = new BufferedImage(120, 100, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(Color.getHSBColor((float) random.nextDouble(), 0.3f, 0.95f));
        graphics.fillRect(0, 0, 120, 100);
        for (int i = 0; i < 6; i++) {
            graphics.setColor(Color.getHSBColor((float) random.nextDouble(), 0.8f, 0.7f));
            int x = random.nextInt(100);
            int y = random.nextInt(80);
            switch (label) {
                case 0 -> graphics.fillRect(x, y, 26, 22);
                case 1 -> graphics.fillOval(x, y, 26, 26);
                default -> {
                    graphics.setStroke(new BasicStroke(5));
                    graphics.drawLine(-20, y * 2 - 40, 140, y * 2 - 10);
                }
            }
        }
        graphics.dispose();
        return Png.of(image);
    }
}
