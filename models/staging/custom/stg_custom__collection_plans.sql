{{ stage('custom', 'collection_plans') }}
