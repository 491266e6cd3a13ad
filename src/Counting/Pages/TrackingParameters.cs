namespace Counter.Counting.Pages;

/// <summary>Query parameters that describe how a visitor arrived, not what the page shows.</summary>
internal static class TrackingParameters
{
    // Advertisers, newsletters or statistics programs add these to links, as their documentation says. None is known to select content.
    private static readonly string[] Names =
    [
        // Google, Microsoft, Yandex, Baidu
        "_ga", "_gl", "dclid", "gad_campaignid", "gad_source", "gbraid", "gclid", "gclsrc", "srsltid", "wbraid", "msclkid", "ymclid", "yclid", "_openstat", "bd_vid",

        // Social networks
        "fbclid", "fb_action_ids", "fb_action_types", "fb_source", "igsh", "igshid", "li_fat_id", "twclid", "ttclid", "tt_medium", "tt_content", "epik",
        "rdt_cid", "ScCid", "qclid", "vkclid",

        // Newsletters and shops
        "_hsenc", "_hsmi", "__hsfp", "__hssc", "__hstc", "hsCtaTracking", "mc_cid", "mc_eid", "mkt_tok", "vero_conv", "vero_id", "_kx", "_ke", "oly_anon_id", "oly_enc_id",
        "wickedid", "rb_clickid", "s_cid", "ml_subscriber", "ml_subscriber_hash", "dm_i", "trk_contact", "trk_msg", "trk_module", "trk_sid", "ck_subscriber_id",
        "bsft_clkid", "bsft_uid", "irclickid", "irgwc", "cjevent", "awc", "sscid", "sb_referer_host",

        // Matomo (formerly Piwik)
        "pk_campaign", "pk_cid", "pk_content", "pk_keyword", "pk_kwd", "pk_medium", "pk_source", "piwik_campaign", "piwik_keyword", "piwik_kwd",
    ];

    // Every parameter with one of these prefixes: utm_source, mtm_campaign, matomo_kwd, hsa_acc, _x_tr_sl (of translate.goog).
    private static readonly string[] Prefixes = ["utm_", "mtm_", "matomo_", "hsa_", "_x_tr_"];

    /// <summary>Whether a parameter is dropped. Case is ignored.</summary>
    public static bool Contains(ReadOnlySpan<char> name)
    {
        foreach (var prefix in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        foreach (var known in Names)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
