
namespace Counter.Gateway.Html;

/// <summary>The colour scheme of an iframe and of the page in it. A frame is transparent when both are the same.</summary>
/// <remarks>
/// Measured in Chromium 156 and Firefox 153, on light and dark pages that declare a scheme in their style, in a meta element or not at all.
/// What follows the reader's system must do so in both places. Anything else is light in both, whatever colours it has. <c>normal</c> is
/// not enough: on a page with <c>&lt;meta name="color-scheme"&gt;</c> it means the scheme of that element, and a dark page gets a white
/// box.
/// </remarks>
internal static class FrameScheme
{
    /// <summary>The value of <c>color-scheme</c>.</summary>
    /// <param name="followsSystem">Whether the picture in the frame follows the reader's system (<c>theme=auto</c>).</param>
    public static string Of(bool followsSystem) => followsSystem ? "light dark" : "light";
}
