{{ union_sources('spend', [
    'custom',
    'google_ads',
    'meta_ads',
    'linkedin_ads',
    'baidu_ads',
    'tencent_ads',
    'so_ads',
    'sogou_ads',
    'ocean_ads',
]) }}
