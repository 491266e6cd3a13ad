
namespace Counter.Gateway.Html;

/// <summary>The colour scheme that a frame is given where it is pasted, and that its page declares. A frame is see-through where both are the same.</summary>
/// <remarks>
/// Measured in Chromium 156 and Firefox 153, on pages that declare a scheme in their style, in a meta element or not at all, light and dark: what
/// follows the reader's system has to in both places, and anything else is light in both, whatever colours it has. <c>normal</c> is not
/// enough: on a page with <c>&lt;meta name="color-scheme"&gt;</c> it is what that says, and a dark page gets a white box.
/// </remarks>
internal static class FrameScheme
{
    /// <summary>The value of <c>color-scheme</c>.</summary>
    /// <param name="followsSystem">Whether the picture in the frame does (<c>theme=auto</c>).</param>
    public static string Of(bool followsSystem) => followsSystem ? "light dark" : "light";
}
